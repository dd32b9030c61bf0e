# shellcheck shell=bash
# Finds out which of Debian's packages are missing, says so, and installs them.

# "what:package": a program that has to be on the PATH, a file (with /), or, with nothing before
# the colon, the package itself. A program from elsewhere is as good as Debian's.
# shellcheck disable=SC2034
readonly build_packages=(
    g++:g++
    cmake:cmake
    ninja:ninja-build
    pkg-config:pkgconf
    ccache:ccache
    :libboost1.81-dev
    :libboost-json1.81-dev
    :libboost-system1.81-dev
    :libboost-test1.81-dev
    :libboost-url1.81-dev
    :libcli11-dev
    :libre2-dev
    :libspdlog-dev
    :libsqlite3-dev
    :libssl-dev
    :libtomlplusplus-dev
    :prometheus-cpp-dev
)
# The formatter is named with its version: another one would format differently.
# shellcheck disable=SC2034
readonly check_packages=(
    clang-format-14:clang-format-14
    man:man-db
    openssl:openssl
    strace:strace
    valgrind:valgrind
    curl:curl
    groff:groff-base
    systemd-analyze:systemd
    /usr/sbin/nginx:nginx-light
    /usr/bin/python3:python3
    :python3-flask
    :python3-websockets
    node:nodejs
    npm:npm
)
# Clang with libFuzzer and the sanitizers, and its linker, which is several times as fast; the rest
# shows where a finding is, and the coverage.
# shellcheck disable=SC2034
readonly sanitizer_packages=(
    clang++-14:clang-14
    ld.lld-14:lld-14
    :libclang-rt-14-dev
    llvm-cov-14:llvm-14
)
# shellcheck disable=SC2034
readonly package_packages=(
    debootstrap:debootstrap
    dpkg-shlibdeps:dpkg-dev
    objdump:binutils
    /usr/bin/python3:python3
    unshare:util-linux
    ip:iproute2
)
# shellcheck disable=SC2034
readonly lint_packages=(
    run-clang-tidy-14:clang-tidy-14
)

is_there() { # WHAT PACKAGE
    case $1 in
        '') [[ $(dpkg-query -W -f '${db:Status-Status}' "$2" 2>/dev/null) == installed ]] ;;
        */*) [[ -e $1 ]] ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

# Root runs things as they are, everybody else by sudo; without a terminal it must not ask.
as_root() {
    if ((EUID == 0)); then
        "$@"
    elif [[ -t 0 ]]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

# install_missing "what:package"...: does nothing, and says nothing, when everything is there.
install_missing() {
    local entry missing=()
    for entry; do
        is_there "${entry%%:*}" "${entry#*:}" || missing+=("${entry#*:}")
    done
    ((${#missing[@]})) || return 0

    command -v apt-get >/dev/null ||
        die "missing, and there is no apt-get to install them with: ${missing[*]}" 69
    ((EUID == 0)) || command -v sudo >/dev/null ||
        die "missing: ${missing[*]}; run this as root, or install sudo" 69
    say "Going to install these missing packages with apt-get: ${missing[*]}"

    # A list that cannot be fetched may belong to a source that nothing is needed from, so only
    # the installation decides.
    as_root apt-get -qq -o DPkg::Lock::Timeout=120 update ||
        say "apt-get update had trouble, see above; going on with the lists that are there"
    # Not everything that apt-get prints matters, unless it fails.
    local log
    log=$(mktemp)
    if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        -o DPkg::Lock::Timeout=120 "${missing[@]}" </dev/null >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        die "apt-get could not install: ${missing[*]} (whole output in $log)" 69
    fi
    rm -f "$log"

    # Debian starts a web server together with its installation; nobody has asked for that one.
    if [[ " ${missing[*]} " == *' nginx-light '* && -d /run/systemd/system ]]; then
        say "Switching off the nginx.service that came with it; the tests start their own nginx"
        as_root systemctl disable --now --quiet nginx.service
    fi
}
