package auth

import (
	"crypto/rand"
	"strings"
)

// codeAlphabet has no letter that is read as another one or as a digit.
const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeLength is 16 letters of 32: 80 bits.
const codeLength = 16

// RecoveryCode makes a random code for whoever forgot their PIN, in groups that
// can be copied by hand: "7K3M-0QXA-...".
func RecoveryCode() string {
	var random [codeLength]byte
	_, _ = rand.Read(random[:]) // never fails
	var code strings.Builder
	for i, b := range random {
		if i > 0 && i%4 == 0 {
			code.WriteByte('-')
		}
		code.WriteByte(codeAlphabet[int(b)%len(codeAlphabet)])
	}
	return code.String()
}

var misread = strings.NewReplacer("O", "0", "I", "1", "L", "1", "-", "", " ", "")

// ReadCode answers a recovery code as it is hashed, whatever its capitals,
// spaces and hyphens, and with what is easily misread put right.
func ReadCode(text string) string {
	return misread.Replace(strings.ToUpper(strings.TrimSpace(text)))
}
