#!/bin/sh
# Makes a chain token of mode `signed` as the platform documents it, with nothing but openssl:
# token.sh SECRET_ID SECRET UNIX_SECONDS POP
set -eu
signature=$(printf '%s,%s' "$3" "$4" | openssl dgst -sha256 -hmac "$2" | sed 's/.* //')
printf '%s,%s,%s,0x%s' "$1" "$3" "$4" "$signature"
