.DEFAULT_GOAL := help
.PHONY: help demo test check generate race bench growth torture

help: ## what there is to do
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

demo: ## a forum with something in it
	go run ./cmd/parley demo

test: ## every test this machine can run
	go test ./...

race: ## the same under the race detector
	go test -race ./...

generate: ## bundle the browser code, write generated documentation
	go generate ./...

check: ## format, vet and generated files
	test -z "$$(gofmt -l $$(git ls-files '*.go'))"
	go vet ./...
	go generate ./... && git diff --exit-code

bench: ## what the forum does against what the machine can do at best, in five minutes
	go run ./bench

growth: ## pages and comments through HTTP, at 100 to 100,000 comments
	go test -run '^$$' -bench Growth -benchtime 60x ./internal/e2e

torture: ## twenty rounds of kill -9, power cuts and the like against the real program; as root
	go run ./cmd/torture
