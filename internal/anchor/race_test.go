//go:build race

package anchor

func init() { racing = true }
