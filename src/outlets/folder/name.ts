/** Far below what file systems take, whatever the script: 255 bytes, and a character has up to 4. */
const MAX_NAME_CHARACTERS = 48;

/**
 * Name of a run's folder: its start in local order and the scenario's name, `2026-01-31T12-00-00-quickstart`. Letters and digits of every
 * script stay; what a path or a shell would take for something else becomes a dash.
 */
export function runFolderName(scenarioName: string, startedAt: Date): string {
  const instant = startedAt.toISOString().slice(0, 19).replaceAll(':', '-');
  const safe = scenarioName
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}_.-]+/gu, '-')
    .replace(/\.{2,}/g, '.');
  return `${instant}-${[...safe].slice(0, MAX_NAME_CHARACTERS).join('')}`;
}
