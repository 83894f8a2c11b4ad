// Only this is asked of ESLint: does every engine that package.json names have what our scripts, our
// styles and the scripts of others use? Both tools read MDN's data. Each use in a script of what may be
// absent has its own answer, which the tests try.
import css from '@eslint/css';
import compat from 'eslint-plugin-compat';

export default [
  {
    ...compat.configs['flat/recommended'],
    files: ['**/*.js', '**/*.mjs'],
    linterOptions: { reportUnusedDisableDirectives: 'off' },
  },
  {
    files: ['**/*.css'],
    plugins: { css },
    language: 'css/css',
    rules: {
      // All browsers of package.json are of 2023, so they have what all browsers had by the end of 2022.
      // What is allowed besides is in ours too, or decorates, or hides what is not needed: without it there
      // is more to see, and nothing is missing.
      'css/use-baseline': ['error', {
        available: 2022,
        // Firefox 121; Chrome 120, for languages that are read from right to left.
        allowSelectors: ['has', 'dir'],
        // Safari 16.4: round where the corner is round; nowhere as a whole, here a shade; Windows only;
        // prefixed in Chrome; nicer line breaks.
        allowProperties: ['outline', 'accent-color', 'forced-color-adjust', 'print-color-adjust', 'text-wrap'],
        // Chrome 111: the shade of a button under the pointer.
        allowFunctions: ['color-mix'],
        // Newer: a line less where there are no scripts; the margins of a printed page.
        allowMediaConditions: ['scripting'],
        allowAtRules: ['page'],
      }],
    },
  },
];
