# PostgreSQL and MariaDB for the tests of statistics: private copies of this machine's
# Debian release's packages, in .tools/databases. Sourced by script/setup; needs $ROOT,
# $TOOLS, say, fail and script/lib/debian.sh. Nothing is started here; the tests do.

setup_databases() {
  local folder=$TOOLS/databases postgresql
  if [ -e "$folder/.relinked" ] && debian_in_place "$folder" usr/sbin/mariadbd; then
    say "databases are in place"
    return
  fi
  say "taking private copies of PostgreSQL and MariaDB from Debian's packages"
  debian_copy "$folder" "$(debian_suite)" postgresql mariadb-server-core ||
    fail "Debian's packages of PostgreSQL and MariaDB could not be used"
  postgresql=$(cd "$folder" && ls -d usr/lib/postgresql/*/bin | tail -n 1)
  debian_relink "$folder" usr/sbin/mariadbd "$postgresql/postgres" "$postgresql/initdb" ||
    fail "the programs of PostgreSQL and MariaDB could not be relinked"
  touch "$folder/.relinked"
  say "PostgreSQL and MariaDB, private to this checkout"
}
