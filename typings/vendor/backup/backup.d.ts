/** What js/vault/backup uses of age-encryption, fflate and the word list of BIP-39. */
export class Encrypter {
  setPassphrase(phrase: string): void;
  setScryptWorkFactor(logN: number): void;
  encrypt(file: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>>;
}
export class Decrypter {
  addPassphrase(phrase: string): void;
  addIdentity(identity: { unwrapFileKey(): Uint8Array }): void;
  decryptHeader(header: Uint8Array): Promise<Uint8Array>;
  decrypt(file: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>>;
}
export interface UnzipFile {
  name: string;
  compression: number;
  /** Bytes as the archive's header says; absent where only what follows the file says them. */
  size?: number;
  ondata(error: Error | null, data: Uint8Array, final: boolean): void;
  start(): void;
}
export class UnzipInflate {
  static readonly compression: 8;
}
export class Unzip {
  constructor(onfile: (file: UnzipFile) => void);
  register(decoder: typeof UnzipInflate): void;
  push(chunk: Uint8Array, final?: boolean): void;
}
/** `level` 0 stores. */
export function zipSync(files: Record<string, [Uint8Array, { level: 0 | 6; mtime: Date | number }]>): Uint8Array;
/** The 2,048 English words. */
export const wordlist: readonly string[];
