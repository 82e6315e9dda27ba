package token

const staffGroup = 80 // admin: /Applications and /usr/local are root:admin 0775
