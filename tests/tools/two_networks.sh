#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# two_networks.sh RANKS COMMAND...: mpirun of so many ranks on two "machines", network namespaces of their own
# joined by a bridge, so that what ranks exchange goes over TCP as it does between machines. Needs the right to make
# namespaces (root). Exit code 77: there is none.
set -u
ranks=$1
shift
id=v$$
folder=$(mktemp -d)
net=10.$(($$ / 250 % 250)).$(($$ % 250))

clean_up() {
    for machine in 2 3; do
        ip netns del "$id$machine" 2>/dev/null
    done
    ip link del "$id" 2>/dev/null
    rm -rf "$folder"
}
trap clean_up EXIT

set_up() {
    ip link add "$id" type bridge && ip addr add "$net.1/24" dev "$id" && ip link set "$id" up || return 1
    for machine in 2 3; do
        ip netns add "$id$machine" &&
            ip link add "$id-$machine" type veth peer name eth0 netns "$id$machine" &&
            ip link set "$id-$machine" master "$id" up &&
            ip -n "$id$machine" addr add "$net.$machine/24" dev eth0 &&
            ip -n "$id$machine" link set eth0 up &&
            ip -n "$id$machine" link set lo up || return 1
    done
}

set_up 2>"$folder/why" || {
    echo "no network namespaces: $(head -1 "$folder/why")" >&2
    exit 77
}
# What mpirun starts its daemons with, in place of ssh: HOST WORDS...
cat >"$folder/shell" <<EOF
#!/bin/sh
machine=\${1##*.}
shift
exec ip netns exec "$id\$machine" sh -c "\$*"
EOF
chmod +x "$folder/shell"
OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun -n "$ranks" --map-by node --bind-to none \
    --mca plm_rsh_agent "$folder/shell" --mca btl tcp,self --mca btl_tcp_if_include "$net.0/24" \
    --mca oob_tcp_if_include "$net.0/24" -H "$net.2:$ranks,$net.3:$ranks" "$@"
