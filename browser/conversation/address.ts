/** Reads the part after # of an address: which comment to open, or which order to show. */
export function readHash(hash: string): { open?: string | undefined; sort?: string | undefined } {
  const [, open, sort] = /^#(?:(?:parley-)?c-(\d+)|parley-(newest|oldest|recommended))$/.exec(hash) ?? [];
  return { open, sort };
}
