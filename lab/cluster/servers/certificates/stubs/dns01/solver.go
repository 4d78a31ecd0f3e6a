// Package dns stands in for cert-manager's of that name, which answers DNS-01 challenges: nobody does so here, and the SDKs of
// the clouds behind it are a third of the whole build.
package dns

import (
	"context"
	"errors"

	cmacme "github.com/cert-manager/cert-manager/pkg/apis/acme/v1"
	v1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	"github.com/cert-manager/cert-manager/pkg/controller"
)

var errAbsent = errors.New("built without DNS-01: use HTTP-01")

// Solver refuses.
type Solver struct{}

// NewSolver needs nothing.
func NewSolver(*controller.Context) (*Solver, error) { return &Solver{}, nil }

// Present refuses.
func (*Solver) Present(context.Context, v1.GenericIssuer, *cmacme.Challenge) error { return errAbsent }

// Check refuses.
func (*Solver) Check(context.Context, v1.GenericIssuer, *cmacme.Challenge) error { return errAbsent }

// CleanUp has nothing to clean up.
func (*Solver) CleanUp(context.Context, *cmacme.Challenge) error { return nil }
