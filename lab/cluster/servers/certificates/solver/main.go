// Answers one HTTP-01 challenge: what cert-manager's controller starts in a pod, with these flags.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/cert-manager/cert-manager/pkg/issuer/acme/http/solver"
	"github.com/go-logr/logr"
)

func main() {
	var server solver.HTTP01Solver
	flag.IntVar(&server.ListenPort, "listen-port", 8089, "where it listens")
	flag.StringVar(&server.Domain, "domain", "", "the name that is proved")
	flag.StringVar(&server.Token, "token", "", "the challenge")
	flag.StringVar(&server.Key, "key", "", "the answer")
	flag.Parse()
	// Nothing is written: the answer is a secret until it has been asked for.
	if err := server.Listen(logr.Discard()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
