import { isSecretName, isSecretPlace } from './secret-names.ts';

/** In place of a value that is not shown. */
const HIDDEN = '...';

/** A `--set` option as it may be shown: its value is hidden if it may be a secret, or hold one. */
export function shownSetting(setting: string): string {
  const equals = setting.indexOf('=');
  if (equals < 1) return HIDDEN;
  const [path, value] = [setting.slice(0, equals), setting.slice(equals + 1)];
  const steps = path.split('.');
  // Devices made wrong on purpose have a key of that kind.
  const isOpen = steps.includes('faults') || !(isSecretPlace(steps) || holdsSecret(value));
  return isOpen ? setting : `${path}=${HIDDEN}`;
}

/** True if a value has keys of secrets within it. */
function holdsSecret(value: string): boolean {
  const keys = value.match(/[\w-]+(?=["']?\s*:)/g) ?? [];
  return /^\s*[{[]/.test(value) && keys.some(isSecretName);
}
