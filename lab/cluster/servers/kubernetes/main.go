// One executable for all the cluster's servers that are built on Kubernetes' libraries: started under the name of one of
// them, it is that server. They share most of their code, so one binary compiles, links and is read from disk once instead of
// nine times.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	_ "time/tzdata" // time zones of CronJobs

	"github.com/coredns/coredns/coremain"
	"github.com/spf13/cobra"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
	metricsserver "sigs.k8s.io/metrics-server/cmd/metrics-server/app"

	"django-on-kubernetes/servers/localpath"
	"django-on-kubernetes/servers/netpol"
)

func run(command *cobra.Command) { os.Exit(cli.Run(command)) }

var servers = map[string]func(){
	"kube-apiserver":          func() { run(apiserver.NewAPIServerCommand()) },
	"kube-controller-manager": func() { run(controllermanager.NewControllerManagerCommand()) },
	"kube-scheduler":          func() { run(scheduler.NewSchedulerCommand()) },
	"kube-proxy":              func() { run(proxy.NewProxyCommand()) },
	"kubelet":                 func() { run(kubelet.NewKubeletCommand(context.Background())) },
	"metrics-server":          func() { run(metricsserver.NewMetricsServerCommand(genericapiserver.SetupSignalHandler())) },
	"coredns":                 coremain.Run,
	"local-path-provisioner":  func() { run(localpath.NewCommand()) },
	"network-policy":          func() { run(netpol.NewCommand()) },
}

func main() {
	start, ok := servers[filepath.Base(os.Args[0])]
	if !ok {
		names := make([]string, 0, len(servers))
		for name := range servers {
			names = append(names, name)
		}
		slices.Sort(names)
		fmt.Fprintf(os.Stderr, "%s: start me by a link named after one of: %s\n", os.Args[0], strings.Join(names, ", "))
		os.Exit(2)
	}
	start()
}
