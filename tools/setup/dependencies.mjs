import { verifyPrebuilds } from './prebuilds.mjs';
import { inProject, ROOT, SetupError, say } from './project.mjs';
import { run, TO_STDERR } from './run.mjs';
import { filesUnder, hashFiles, isStamped, writeStamp } from './stamp.mjs';

const STAMP_FILE = inProject('node_modules', '.dualgate-stamp');

/** What decides about the content of node_modules, beside the platform. */
const INPUTS = ['package-lock.json', '.prebuild-installrc', 'prebuilds/SHA256SUMS'];

/** Installs the dependencies with `npm ci` when node_modules is not the one that package-lock.json describes. */
export async function ensureDependencies() {
  const files = INPUTS.flatMap((input) => filesUnder(inProject(input)));
  const stamp = hashFiles(ROOT, files, [process.platform, process.arch]);
  if (isStamped(STAMP_FILE, stamp)) return;
  verifyPrebuilds(inProject('prebuilds'));
  say('installing the dependencies (npm ci)');
  const code = await npm(['ci', '--include=dev', '--include=optional']);
  if (code !== 0) throw new SetupError(`npm ci failed with exit code ${code}`);
  writeStamp(STAMP_FILE, stamp);
}

/**
 * The npm that runs this script where there is one; else the one in PATH, which is a shell script on Windows.
 * @param {readonly string[]} args
 */
function npm(args) {
  const own = process.env.npm_execpath;
  if (own && /npm-cli\.[cm]?js$/.test(own))
    return run(process.execPath, [own, ...args], { stdio: [...TO_STDERR] });
  return run('npm', args, { stdio: [...TO_STDERR], shell: process.platform === 'win32' });
}
