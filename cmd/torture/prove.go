package main

import "context"

func (s *settings) prove(ctx context.Context) error { return nil }
