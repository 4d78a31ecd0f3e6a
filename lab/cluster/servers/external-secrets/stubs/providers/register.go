// Package register names the stores that this build knows. The clients of all clouds and vaults, two dozen, are most of the whole
// build, and none of them is on this machine.
package register

import (
	_ "github.com/external-secrets/external-secrets/pkg/provider/fake"
	_ "github.com/external-secrets/external-secrets/pkg/provider/kubernetes"
)
