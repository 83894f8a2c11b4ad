// Only this is asked of ESLint: does every engine that package.json names have what our scripts and
// those of others call? Each use of what may be absent has its own answer, which the tests try.
import compat from 'eslint-plugin-compat';

export default [
  { ...compat.configs['flat/recommended'], linterOptions: { reportUnusedDisableDirectives: 'off' } },
];
