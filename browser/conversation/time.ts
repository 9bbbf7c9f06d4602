/** The units in which a moment is told, as Intl.RelativeTimeFormat names them. */
export type Unit = "second" | "minute" | "hour" | "day";

/** How long a moment is told by its distance; older ones keep the date that the server wrote. */
const week = 7 * 86_400_000;

/** Tells how far `at` lies from `now` (both in ms): the unit and the signed count for
 * Intl.RelativeTimeFormat, or null when the date itself says more. A moment up to a minute away on either
 * side counts as now, since clocks differ. */
export function distance(at: number, now: number): { unit: Unit; count: number } | null {
  const gone = now - at;
  if (!(gone > -60_000 && gone < week)) return null;
  if (gone < 60_000) return { unit: "second", count: 0 };
  if (gone < 3_600_000) return { unit: "minute", count: -Math.floor(gone / 60_000) };
  if (gone < 86_400_000) return { unit: "hour", count: -Math.floor(gone / 3_600_000) };
  return { unit: "day", count: -Math.floor(gone / 86_400_000) };
}
