#!/usr/bin/env node
try {
  require('../dist/start.js');
} catch (error) {
  if (error.code !== 'MODULE_NOT_FOUND') throw error;
  process.stderr.write('error: this clone is not built\nhint: npm run build\n');
  process.exitCode = 20;
}
