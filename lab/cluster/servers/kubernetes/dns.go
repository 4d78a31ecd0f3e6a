package main

import (
	"github.com/coredns/coredns/core/dnsserver"

	// Only what a cluster's Corefile uses; CoreDNS' own list brings the clients of three clouds and of etcd.
	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/forward"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/hosts"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/loop"
	_ "github.com/coredns/coredns/plugin/ready"
	_ "github.com/coredns/coredns/plugin/template"
)

// The order in which a query passes through the plugins, as in CoreDNS' plugin.cfg.
func init() {
	dnsserver.Directives = []string{"bind", "ready", "health", "errors", "cache", "template", "hosts", "kubernetes", "loop", "forward"}
}
