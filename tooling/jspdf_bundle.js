// Builds the bundle of jsPDF: node tooling/jspdf_bundle.js OUTFILE (run by jspdf_bundle.py).

import { build } from 'esbuild';

await build({
  stdin: { contents: "export { jsPDF } from 'jspdf';", resolveDir: process.cwd() },
  outfile: process.argv[2],
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  legalComments: 'external',
  logLevel: 'warning',
  // jsPDF imports these when a page or a drawing shall become a PDF, which the report does not ask.
  external: ['canvg', 'dompurify', 'html2canvas'],
});
