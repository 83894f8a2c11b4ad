/** What js/vault uses of idb. `S` says what each object store holds, by its name. */
export interface Store<T> {
  get(key: IDBValidKey): Promise<T | undefined>;
  getAll(range?: IDBKeyRange): Promise<T[]>;
  getAllKeys(range?: IDBKeyRange): Promise<IDBValidKey[]>;
  put(value: T, key: IDBValidKey): Promise<IDBValidKey>;
  clear(): Promise<void>;
  delete(key: IDBValidKey | IDBKeyRange): Promise<void>;
}
export interface Transaction<S> {
  objectStore<N extends keyof S & string>(name: N): Store<S[N]>;
  abort(): void;
  readonly done: Promise<void>;
  readonly error: DOMException | null;
}
export interface Database<S> {
  createObjectStore(name: keyof S & string): unknown;
  transaction(
    stores: readonly (keyof S & string)[],
    mode?: 'readonly' | 'readwrite',
    options?: { durability: 'default' | 'strict' | 'relaxed' },
  ): Transaction<S>;
  close(): void;
}
export function openDB<S>(name: string, version: number, callbacks: {
  upgrade(database: Database<S>, oldVersion: number, newVersion: number | null, transaction: Transaction<S>): void;
  blocking(): void;
  terminated(): void;
}): Promise<Database<S>>;
export function deleteDB(name: string): Promise<void>;
