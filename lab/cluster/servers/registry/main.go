// A registry of images that asks for a login, on the library that is made for tests: `serve` is the server, `push` sends it the one
// image of an archive, with the login that it reads and a label of its own. Blobs are files; which image has which name is in memory,
// and so gone when the server ends.
package main

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == "serve" {
		return serve(ctx, args[1:])
	}
	if len(args) == 3 && args[0] == "push" {
		return push(ctx, args[1], args[2])
	}
	return errors.New("serve --listen=ADDRESS --users=FILE --blobs=DIRECTORY, or push ARCHIVE REFERENCE < LOGIN, as JSON")
}

func serve(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	listen := flags.String("listen", "", "address and port, by plain HTTP")
	users := flags.String("users", "", "a JSON object of passwords by user; read at each request, so that a change holds at once")
	blobs := flags.String("blobs", "", "where what is pushed is kept")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := os.MkdirAll(*blobs, 0o700); err != nil {
		return err
	}
	images := registry.New(registry.WithBlobHandler(registry.NewDiskBlobHandler(*blobs)))
	server := &http.Server{Addr: *listen, Handler: withLogin(*users, images), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func withLogin(users string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		if request.URL.Path == "/healthz" {
			return
		}
		user, password, _ := request.BasicAuth()
		if known, err := isUser(users, user, password); err != nil {
			http.Error(response, err.Error(), http.StatusInternalServerError)
		} else if !known {
			response.Header().Set("WWW-Authenticate", `Basic realm="registry"`)
			response.Header().Set("Content-Type", "application/json")
			response.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintln(response, `{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}`)
		} else {
			next.ServeHTTP(response, request)
		}
	})
}

func isUser(file, user, password string) (bool, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return false, err
	}
	var passwords map[string]string
	if err := json.Unmarshal(text, &passwords); err != nil {
		return false, err
	}
	expected, known := passwords[user]
	return known && subtle.ConstantTimeCompare([]byte(expected), []byte(password)) == 1, nil
}

func push(ctx context.Context, archive, reference string) error {
	target, err := name.ParseReference(reference)
	if err != nil {
		return err
	}
	image, err := tarball.ImageFromPath(archive, nil)
	if err != nil {
		return err
	}
	var login authn.AuthConfig
	if err := json.NewDecoder(os.Stdin).Decode(&login); err != nil {
		return err
	}
	image, err = ofItsOwn(image, reference)
	if err != nil {
		return err
	}
	return remote.Write(target, image, remote.WithAuth(authn.FromConfig(login)), remote.WithContext(ctx))
}

// The kubelet remembers by an image's content that it was pulled with a login, and from then on refuses the same content to pods
// without that login, under whatever name it was imported (KubeletEnsureSecretPulledImages).
func ofItsOwn(image v1.Image, reference string) (v1.Image, error) {
	file, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config := file.Config
	config.Labels = maps.Clone(config.Labels)
	if config.Labels == nil {
		config.Labels = map[string]string{}
	}
	config.Labels["pushed-as"] = reference
	return mutate.Config(image, config)
}
