// What a backup is made and read with, as one ES module: `vendor/backup/backup.js`.

export { Decrypter, Encrypter } from 'age-encryption';
export { Unzip, UnzipInflate, zipSync } from 'fflate';
export { wordlist } from '@scure/bip39/wordlists/english.js';
