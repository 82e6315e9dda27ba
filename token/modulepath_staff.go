//go:build unix && !darwin

package token

const staffGroup = 50 // Debian policy, 9.1.2: /usr/local is root:staff 2775
