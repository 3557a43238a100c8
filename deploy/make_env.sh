#!/bin/sh
# Make deploy/.env with new secrets for docker-compose.yaml; an .env that stands is left alone.
set -eu
cd "$(dirname "$0")"
if [ -e .env ]; then
    echo "deploy/.env stands already; it is left as it is" >&2
    exit 1
fi
umask 077
hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
cat > .env <<END
POSTGRES_PASSWORD=$(hex 16)
REDIS_PASSWORD=$(hex 16)
FERNET_KEY=$(head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n')
API_SECRET_KEY=$(hex 32)
JWT_SECRET=$(hex 32)
AWS_ACCESS_KEY_ID=$(hex 10)
AWS_SECRET_ACCESS_KEY=$(hex 20)
ADMIN_PASSWORD=$(hex 10)
END
echo "deploy/.env is made; the password of admin is its ADMIN_PASSWORD"
