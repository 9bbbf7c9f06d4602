// A few lines that let tests of pure modules run in any JavaScript engine: the Go test that loads them calls
// `run` and reports what comes back.

interface Case {
  name: string;
  act: () => void;
}

const cases: Case[] = [];

/** Adds a test. It fails by throwing. */
export function test(name: string, act: () => void): void {
  cases.push({ name, act });
}

/** Fails unless both are the same as JSON. */
export function equal(got: unknown, want: unknown, about = ""): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(want)];
  if (a !== b) throw new Error(`${about && about + ": "}got ${a}, want ${b}`);
}

/** Runs every test and gives each name with its failure, "" for none. */
export function run(): [string, string][] {
  return cases.map(({ name, act }) => {
    try {
      act();
      return [name, ""];
    } catch (failure) {
      return [name, String((failure as Error).message ?? failure)];
    }
  });
}

(globalThis as { run?: typeof run }).run = run;
