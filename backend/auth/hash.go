package auth

import (
	"fmt"

	"github.com/alexedwards/argon2id"
)

// Hash is how a PIN or a recovery code is kept: an argon2id hash with the
// parameters that it was made with, so that these can change later. The empty
// Hash is that of no secret and matches nothing.
type Hash string

// The cost of a hash: 19 MiB and two passes, which a laptop with 2 GB of
// memory can spare.
var cost = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// HashOf makes the hash of a secret. It takes a while, on purpose.
func HashOf(secret string) (Hash, error) {
	hash, err := argon2id.CreateHash(secret, &cost)
	if err != nil {
		return "", fmt.Errorf("hash a secret: %w", err)
	}
	return Hash(hash), nil
}

// Matches reports whether the hash is that of the secret.
func (h Hash) Matches(secret string) (bool, error) {
	if h == "" {
		return false, nil
	}
	match, err := argon2id.ComparePasswordAndHash(secret, string(h))
	if err != nil {
		return false, fmt.Errorf("compare a secret: %w", err)
	}
	return match, nil
}
