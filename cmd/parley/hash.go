package main

import (
	"log/slog"
	"os"
	"runtime"

	"parley/internal/hashing"
)

// hashCommand is what the program calls itself with to compute passwords' hashes aside. It is not for people.
const hashCommand = "hash-passwords"

// newHashing gives what hashes passwords: this same program once more. After an upgrade has replaced the file, a program
// that still runs finds itself where the system keeps it.
func newHashing(log *slog.Logger) *hashing.Aside {
	program, err := os.Executable()
	if runtime.GOOS == "linux" {
		program, err = "/proc/self/exe", nil
	}
	if err != nil {
		log.Warn("passwords are checked in the server's own process", "error", err)
		return nil
	}
	return hashing.NewAside(log, program, hashCommand)
}
