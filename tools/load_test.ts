#!/usr/bin/env node
import { runLoad } from './load-command.ts';

process.exitCode = await runLoad(process.argv.slice(2));
