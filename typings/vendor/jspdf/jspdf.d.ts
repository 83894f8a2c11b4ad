/** What js/page/report.js uses of jsPDF. */
export class jsPDF {
  constructor(options: { format: 'a4'; unit: 'mm'; compress: boolean });
  setProperties(properties: { title: string; creator: string }): this;
  setLanguage(language: 'en'): this;
  setFont(name: 'helvetica', style: 'normal' | 'bold'): this;
  setFontSize(size_pt: number): this;
  setTextColor(colour: string): this;
  setDrawColor(colour: string): this;
  setLineWidth(width: number): this;
  line(x1: number, y1: number, x2: number, y2: number): this;
  text(lines: string[], x: number, y: number, options: { align: 'left' | 'right'; baseline: 'top'; lineHeightFactor: number }): this;
  addImage(data: Uint8Array, format: 'JPEG', x: number, y: number, width: number, height: number): this;
  getImageProperties(data: Uint8Array): { width: number; height: number };
  addPage(): this;
  setPage(page: number): this;
  splitTextToSize(text: string, width: number): string[];
  getTextWidth(text: string): number;
  output(type: 'blob'): Blob;
}
