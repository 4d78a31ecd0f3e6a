// Package ecs stands in for Traefik's provider of that name, which nobody uses here: the AWS SDK behind it is a fifth of the
// whole build.
package ecs

import (
	"errors"

	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/safe"
)

// Provider has no settings.
type Provider struct{}

// SetDefaults has nothing to set.
func (*Provider) SetDefaults() {}

// Init refuses.
func (*Provider) Init() error { return errors.New("built without the ECS provider") }

// Provide provides nothing.
func (*Provider) Provide(chan<- dynamic.Message, *safe.Pool) error { return nil }
