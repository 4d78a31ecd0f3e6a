// Package dns stands in for lego's list of 150 DNS services, which could prove to a certificate authority that a domain is
// ours: on this machine no domain is, and their clients are a fifth of the whole build.
package dns

import (
	"fmt"

	"github.com/go-acme/lego/v4/challenge"
)

// NewDNSChallengeProviderByName knows none.
func NewDNSChallengeProviderByName(name string) (challenge.Provider, error) {
	return nil, fmt.Errorf("unrecognized DNS provider: %s", name)
}
