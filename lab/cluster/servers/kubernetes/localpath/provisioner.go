// Package localpath makes directories of the node into persistent volumes.
//
// The usual local-path-provisioner runs a helper pod per volume, because it has to reach the disk of some other node. Here the
// provisioner runs on the only node itself, so it makes the directory directly: no image, no seconds per volume.
package localpath

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

type provisioner struct{ root string }

// A parameter of a storage class: its volumes may be mounted from everywhere, as those of a file server. All of this cluster is one node.
const shared = "shared"

func (p provisioner) Provision(_ context.Context, o controller.ProvisionOptions) (*v1.PersistentVolume, controller.ProvisioningState, error) {
	many := o.StorageClass.Parameters[shared] == "true"
	if !many && slices.Contains(o.PVC.Spec.AccessModes, v1.ReadWriteMany) {
		return nil, controller.ProvisioningFinished, fmt.Errorf("volumes of %s live on one node: ask for ReadWriteOnce, or for a class of volumes that many nodes share", o.StorageClass.Name)
	}
	if mode := o.PVC.Spec.VolumeMode; mode != nil && *mode == v1.PersistentVolumeBlock {
		return nil, controller.ProvisioningFinished, errors.New("local-path volumes are directories: volumeMode Block is not supported")
	}
	directory := filepath.Join(p.root, fmt.Sprintf("%s_%s_%s", o.PVName, o.PVC.Namespace, o.PVC.Name))
	if err := makeDirectory(directory); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	return &v1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: o.PVName},
		Spec: v1.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *o.StorageClass.ReclaimPolicy,
			AccessModes:                   o.PVC.Spec.AccessModes,
			Capacity:                      v1.ResourceList{v1.ResourceStorage: o.PVC.Spec.Resources.Requests[v1.ResourceStorage]},
			MountOptions:                  o.StorageClass.MountOptions,
			// Of the two kinds of volume that a directory can be, only Local has its fsGroup honoured.
			PersistentVolumeSource: v1.PersistentVolumeSource{Local: &v1.LocalVolumeSource{Path: directory}},
			NodeAffinity:           affinity(o.SelectedNodeName, many),
		},
	}, controller.ProvisioningFinished, nil
}

func (p provisioner) Delete(_ context.Context, volume *v1.PersistentVolume) error {
	if volume.Spec.Local == nil || filepath.Dir(volume.Spec.Local.Path) != filepath.Clean(p.root) {
		return &controller.IgnoredError{Reason: "the volume is not a directory below " + p.root}
	}
	return os.RemoveAll(volume.Spec.Local.Path)
}

// Open to all users of the node, because a pod without fsGroup must be able to write as whatever user it runs; the parent
// directory is root's alone, so that only a mount leads here.
func makeDirectory(path string) error {
	if err := os.MkdirAll(path, 0o777); err != nil {
		return err
	}
	return os.Chmod(path, 0o777) // MkdirAll applies the umask
}

// A Local volume has to say where it is. A shared one is made before any pod has chosen a node, and is everywhere.
func affinity(node string, many bool) *v1.VolumeNodeAffinity {
	here := v1.NodeSelectorRequirement{Key: v1.LabelHostname, Operator: v1.NodeSelectorOpIn, Values: []string{node}}
	if many {
		here = v1.NodeSelectorRequirement{Key: v1.LabelHostname, Operator: v1.NodeSelectorOpExists}
	}
	return &v1.VolumeNodeAffinity{Required: &v1.NodeSelector{NodeSelectorTerms: []v1.NodeSelectorTerm{{
		MatchExpressions: []v1.NodeSelectorRequirement{here},
	}}}}
}

// NewCommand is the server's command line.
func NewCommand() *cobra.Command {
	var kubeconfig, root, name string
	command := &cobra.Command{
		Use:   "local-path-provisioner",
		Short: "makes directories of this node into persistent volumes",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
			if err != nil {
				return err
			}
			client, err := kubernetes.NewForConfig(config)
			if err != nil {
				return err
			}
			ctx := genericapiserver.SetupSignalContext()
			controller.NewProvisionController(ctx, client, name, provisioner{root: root},
				controller.LeaderElection(false)).Run(ctx)
			return nil
		},
	}
	command.Flags().StringVar(&kubeconfig, "kubeconfig", "", "how to reach the API server")
	command.Flags().StringVar(&root, "directory", "", "where the volumes are made")
	command.Flags().StringVar(&name, "provisioner", "", "the provisioner's name in storage classes")
	for _, flag := range []string{"kubeconfig", "directory", "provisioner"} {
		if err := command.MarkFlagRequired(flag); err != nil {
			panic(err)
		}
	}
	return command
}
