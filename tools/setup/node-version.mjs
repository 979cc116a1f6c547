/** Oldest Node with `require(esm)` and everything the dependencies ask for; the same as `engines` in package.json. */
export const NODE_VERSION_MIN = '20.19.0';

/**
 * True when `version` (as `process.versions.node` gives it) is older than `minimum`. A pre-release counts as its release.
 * @param {string} version
 * @param {string} [minimum]
 */
export function isOlderThan(version, minimum = NODE_VERSION_MIN) {
  const found = numbersOf(version);
  const wanted = numbersOf(minimum);
  const at = found.findIndex((number, index) => number !== wanted[index]);
  return at !== -1 && found[at] < wanted[at];
}

/**
 * Ends the process with one line when Node is too old. The set-up scripts keep to syntax and modules that Node 14 knows,
 * so that an old Node comes as far as this line instead of dying of a syntax error.
 */
export function requireNode() {
  if (!isOlderThan(process.versions.node)) return;
  process.stderr.write(
    `dualgate needs Node ${NODE_VERSION_MIN} or newer; this is Node ${process.versions.node} (${process.execPath}).\n`,
  );
  process.exit(1);
}

/** @param {string} version */
function numbersOf(version) {
  return version.split('-')[0].split('.').map(Number);
}
