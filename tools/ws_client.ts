#!/usr/bin/env node
import { runClient } from './client-command.ts';

process.exitCode = await runClient(process.argv.slice(2));
