// Go takes functions without a body only in packages that have a file of assembly.
