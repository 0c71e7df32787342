/** Far below the limit of file systems in any script: 255 bytes, with up to 4 per character. */
const MAX_NAME_CHARACTERS = 48;

/**
 * Name of a run's folder: its local start time and the scenario's name, `2026-01-31T12-00-00-quickstart`. Letters and digits of every
 * script are kept; characters with a special meaning in paths or shells become dashes.
 */
export function runFolderName(scenarioName: string, startedAt: Date): string {
  const instant = startedAt.toISOString().slice(0, 19).replaceAll(':', '-');
  const safe = scenarioName
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}_.-]+/gu, '-')
    .replace(/\.{2,}/g, '.');
  return `${instant}-${[...safe].slice(0, MAX_NAME_CHARACTERS).join('')}`;
}
