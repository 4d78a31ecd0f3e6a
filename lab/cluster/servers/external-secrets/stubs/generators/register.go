// Package register names no generator: those that ask a cloud for tokens bring its whole client along, and nothing here uses any.
package register
