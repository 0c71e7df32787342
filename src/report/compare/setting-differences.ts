/** How many settings to name before only counting the rest. */
const SHOWN = 6;

/** The settings in which two scenarios differ, such as `fleets.meters.reconnect.base 1s to 10s`. */
export function settingDifferences(first: unknown, second: unknown): string[] {
  const [before, after] = [flat(first), flat(second)];
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  const changed = paths.filter((path) => before.get(path) !== after.get(path));
  const words = changed
    .slice(0, SHOWN)
    .map((path) => `${path} ${before.get(path) ?? 'none'} to ${after.get(path) ?? 'none'}`);
  return changed.length > SHOWN ? [...words, `${changed.length - SHOWN} more`] : words;
}

/** Leaves by their path; list items by name, if they have one. */
function flat(value: unknown, path = '', into = new Map<string, string>()): Map<string, string> {
  if (typeof value !== 'object' || value === null) {
    into.set(path, String(value));
    return into;
  }
  for (const [key, item] of Object.entries(value)) {
    const step = Array.isArray(value) ? nameOf(item, key) : key;
    flat(item, path === '' ? step : `${path}.${step}`, into);
  }
  return into;
}

function nameOf(item: unknown, index: string): string {
  const isNamed = typeof item === 'object' && item !== null && 'name' in item;
  return isNamed ? String(item.name) : index;
}
