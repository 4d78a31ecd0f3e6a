// sealed-secrets' controller beside the node: its own command takes its rights from a pod's service account, so this one puts the
// parts of its library together for a kubeconfig.
package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"reflect"
	"syscall"
	"time"
	"unsafe"

	sealedsecrets "github.com/bitnami/sealed-secrets/pkg/client/clientset/versioned"
	sealedinformers "github.com/bitnami/sealed-secrets/pkg/client/informers/externalversions"
	"github.com/bitnami/sealed-secrets/pkg/controller"
	"github.com/bitnami/sealed-secrets/pkg/crypto"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/util/keyutil"
)

const (
	namespace = "kube-system"
	keyPrefix = "sealed-secrets-key"
	keySize   = 4096
	validFor  = 10 * 365 * 24 * time.Hour
	// A SealedSecret may be seen before the keys are: the first try is followed by others within 1.3 s.
	retries = 8
)

var keySelector = controller.SealedSecretsKeyLabel + "=active"

func main() {
	kubeconfig := flag.String("kubeconfig", "", "how to reach the API server")
	listen := flag.String("listen", "", "the address and port of /healthz, and of /v1/cert.pem, with which kubeseal seals")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *kubeconfig, *listen); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, kubeconfig, listen string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	sealed, err := sealedsecrets.NewForConfig(config)
	if err != nil {
		return err
	}
	certificate, err := ensureKey(ctx, client)
	if err != nil {
		return err
	}

	registry := controller.NewKeyRegistry(client, namespace, keyPrefix, controller.SealedSecretsKeyLabel, keySize)
	keys := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace(namespace),
		informers.WithTweakListOptions(func(options *metav1.ListOptions) { options.LabelSelector = keySelector }))
	unsealer, err := controller.NewController(client, sealed,
		sealedinformers.NewSharedInformerFactory(sealed, 0), informers.NewSharedInformerFactory(client, 0), keys,
		registry, retries, "CertNotBefore")
	if err != nil {
		return err
	}
	tellStatus(unsealer)

	ended := make(chan error, 1)
	go func() { ended <- serve(listen, certificate, unsealer.HasSynced) }()
	go unsealer.Run(ctx.Done())
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return nil
	}
}

// Its own command has this on by default, and sets it past the package's exported names.
func tellStatus(unsealer *controller.Controller) {
	field := reflect.ValueOf(unsealer).Elem().FieldByName("updateStatus")
	reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem().SetBool(true)
}

// The certificate of the newest key, as PEM. The first one is made here; none is ever renewed.
func ensureKey(ctx context.Context, client kubernetes.Interface) ([]byte, error) {
	secrets := client.CoreV1().Secrets(namespace)
	found, err := secrets.List(ctx, metav1.ListOptions{LabelSelector: keySelector})
	if err != nil {
		return nil, err
	}
	if len(found.Items) > 0 {
		return found.Items[0].Data[corev1.TLSCertKey], nil
	}
	key, certificate, err := crypto.GeneratePrivateKeyAndCert(keySize, validFor, "")
	if err != nil {
		return nil, err
	}
	encodedKey, err := keyutil.MarshalPrivateKeyToPEM(key)
	if err != nil {
		return nil, err
	}
	encoded := encodeCertificate(certificate)
	_, err = secrets.Create(ctx, &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			GenerateName: keyPrefix,
			Namespace:    namespace,
			Labels:       map[string]string{controller.SealedSecretsKeyLabel: "active"},
		},
		Type: corev1.SecretTypeTLS,
		Data: map[string][]byte{corev1.TLSPrivateKeyKey: encodedKey, corev1.TLSCertKey: encoded},
	}, metav1.CreateOptions{})
	return encoded, err
}

func encodeCertificate(certificate *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})
}

func serve(address string, certificate []byte, ready func() bool) error {
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(answer http.ResponseWriter, _ *http.Request) {
		if !ready() {
			answer.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("/v1/cert.pem", func(answer http.ResponseWriter, _ *http.Request) {
		answer.Header().Set("Content-Type", "application/x-pem-file")
		_, _ = answer.Write(certificate)
	})
	server := &http.Server{Addr: address, Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	return server.ListenAndServe()
}
