//go:build !linux

package main

func (door) leaveOutside() error { return nil }

func (door) crowded() bool { return false }
