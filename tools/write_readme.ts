import { readFileSync, writeFileSync } from 'node:fs';
import { withTables } from './readme-tables.ts';

/** `npm run readme`, in the project's folder. */
writeFileSync('README.md', withTables(readFileSync('README.md', 'utf8')));
