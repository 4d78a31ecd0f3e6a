// Package netpol enforces the cluster's NetworkPolicies with kube-router's controller.
//
// kube-router itself would bring a router, a service proxy and the clients of Docker and of BGP; its controller of policies
// needs none of them, and shares all but a few packages with the other servers here.
package netpol

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cloudnativelabs/kube-router/v2/pkg/controllers/netpol"
	"github.com/cloudnativelabs/kube-router/v2/pkg/healthcheck"
	"github.com/cloudnativelabs/kube-router/v2/pkg/options"
	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

// How often the rules are made anew although nothing has happened: repairs what another program took away.
const period = time.Minute

// A controller that is silent for this long hangs.
const patience = 3 * period

type settings struct{ kubeconfig, node, services, health string }

func run(ctx context.Context, s settings) error {
	config, err := clientcmd.BuildConfigFromFlags("", s.kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	if err := waitForNode(ctx, client, s.node); err != nil {
		return err
	}

	factory := informers.NewSharedInformerFactory(client, 0)
	pods := factory.Core().V1().Pods().Informer()
	policies := factory.Networking().V1().NetworkPolicies().Informer()
	namespaces := factory.Core().V1().Namespaces().Informer()
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())

	controller, err := newController(client, s, pods, policies, namespaces)
	if err != nil {
		return err
	}
	for informer, handler := range map[cache.SharedIndexInformer]cache.ResourceEventHandler{
		pods:       controller.PodEventHandler,
		policies:   controller.NetworkPolicyEventHandler,
		namespaces: controller.NamespaceEventHandler,
	} {
		if _, err := informer.AddEventHandler(handler); err != nil {
			return err
		}
	}

	// It sends at the start of each sync and waits until somebody takes it.
	beats := make(chan *healthcheck.ControllerHeartbeat)
	var last atomic.Int64
	go func() {
		for beat := range beats {
			last.Store(beat.LastHeartBeat.UnixNano())
		}
	}()
	failed := make(chan error, 1)
	go func() { failed <- serveHealth(ctx, s.health, &last) }()

	var controllers sync.WaitGroup
	controllers.Add(1)
	go controller.Run(beats, ctx.Done(), &controllers)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		controllers.Wait()
		return nil
	}
}

// The kubelet that makes the node starts at the same time.
func waitForNode(ctx context.Context, client kubernetes.Interface, name string) error {
	var last error
	err := wait.PollUntilContextTimeout(ctx, 100*time.Millisecond, time.Minute, true, func(ctx context.Context) (bool, error) {
		_, last = client.CoreV1().Nodes().Get(ctx, name, metav1.GetOptions{})
		return last == nil, nil
	})
	if err != nil {
		return fmt.Errorf("no node %q: %w", name, errors.Join(err, last))
	}
	return nil
}

func newController(client kubernetes.Interface, s settings, pods, policies, namespaces cache.SharedIndexInformer) (*netpol.NetworkPolicyController, error) {
	config := options.NewKubeRouterConfig()
	config.EnableIPv4 = true
	config.ClusterIPCIDRs = []string{s.services}
	config.HostnameOverride = s.node
	config.IPTablesSyncPeriod = period
	tables, sets, err := netpol.NewIPTablesHandlers(config)
	if err != nil {
		return nil, err
	}
	return netpol.NewNetworkPolicyController(client, config, pods, policies, namespaces, &sync.Mutex{}, tables, sets)
}

func serveHealth(ctx context.Context, address string, last *atomic.Int64) error {
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		if silent := time.Since(time.Unix(0, last.Load())); silent > patience {
			http.Error(w, "no sync for "+silent.String(), http.StatusServiceUnavailable)
		}
	})
	server := &http.Server{Addr: address, Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	return server.ListenAndServe()
}

// NewCommand is the server's command line.
func NewCommand() *cobra.Command {
	var s settings
	command := &cobra.Command{
		Use:   "network-policy-controller",
		Short: "enforces NetworkPolicies on this node",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return run(genericapiserver.SetupSignalContext(), s)
		},
	}
	command.Flags().StringVar(&s.kubeconfig, "kubeconfig", "", "how to reach the API server")
	command.Flags().StringVar(&s.node, "node", "", "the name of this node")
	command.Flags().StringVar(&s.services, "services", "", "the range of the Services' addresses")
	command.Flags().StringVar(&s.health, "health", "", "the address and port at which it tells whether it is well, under /healthz")
	for _, flag := range []string{"kubeconfig", "node", "services", "health"} {
		if err := command.MarkFlagRequired(flag); err != nil {
			panic(err)
		}
	}
	return command
}
