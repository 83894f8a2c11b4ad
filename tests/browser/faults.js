/* What a reader would call broken, in words; leaves the page as it was found. For `modes.py`. */
(notch_px) => {
  const LEAST_TARGET_PX = 24; // WCAG 2.5.8
  const LOW_PX = 320; // below it the footer takes the screen for itself, at the end of the page
  const faults = [];
  const root = document.documentElement;
  const { activeElement } = document;
  const from = [scrollX, scrollY];
  const all = (selector) => [...document.querySelectorAll(selector)].filter(
    (e) => e.checkVisibility() && !e.closest('[inert], .sprite, .skip') && !isForTheEar(e),
  );
  const isForTheEar = (e) => e.getBoundingClientRect().width <= 1 || e.closest('.sr-only') !== null;
  const name = (e) => `${e.localName} “${(e.textContent || e.ariaLabel || '').trim().slice(0, 30)}”`;

  /** Whether a box around it scrolls by itself, or hides what is beyond it. */
  function isClipped(e) {
    for (let box = e.parentElement; box; box = box.parentElement) {
      if (getComputedStyle(box).overflowX !== 'visible') return true;
    }
    return false;
  }

  /** How many of five points of an element are on the screen with nothing over them. */
  function seenPoints(e) {
    const { left, top, width, height } = e.getBoundingClientRect();
    return [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]].filter(([x, y]) => {
      const hit = document.elementFromPoint(left + x * width, top + y * height);
      return hit !== null && (e.contains(hit) || hit.closest('label')?.contains(e));
    }).length;
  }

  if (root.scrollWidth > innerWidth) {
    const wide = all('body *').filter((e) => {
      const { left, right } = e.getBoundingClientRect();
      return !isClipped(e) && (right > innerWidth + .5 || left < -.5);
    });
    faults.push(`scrolls sideways, ${root.scrollWidth} px wide: ${wide.slice(-3).map(name).join(', ')}`);
  }
  for (const e of all('button, label.button, h1, h2, h3, p, summary, .notice, .verdict, li, dd')) {
    const measured = getComputedStyle(e).display !== 'inline' && !isClipped(e) && !e.querySelector('.sr-only');
    if (measured && e.scrollWidth > e.clientWidth + 1) faults.push(`spills over: ${name(e)}`);
  }

  // Nothing lies over a heading, but what it can be scrolled out of.
  for (const e of all('h1, h2, h3, .tier')) {
    e.scrollIntoView({ block: 'center' });
    const { left, top, width, height } = e.getBoundingClientRect();
    const hits = [[.1, .2], [.9, .2], [.5, .5], [.1, .8], [.9, .8]]
      .map(([x, y]) => document.elementFromPoint(left + x * width, top + y * height));
    const over = hits.find((hit) => hit !== null && !e.contains(hit) && !hit.contains(e) && !hit.closest('.foot, .shutter'));
    if (over) faults.push(`covered by ${over.localName}: ${name(e)}`);
  }
  scrollTo(...from);

  // The shutter is always there, and the first screen has its button.
  const [shutter] = all('[data-camera-on] [data-testid=capture]');
  const [opener] = all(':is([data-state=ready], [data-state=booting]):not([data-camera-on]) [data-testid=start-camera]');
  const wanted = shutter ?? opener;
  const ends = shutter && innerHeight > LOW_PX ? [0, root.scrollHeight] : [0];
  for (const y of wanted ? ends : []) {
    scrollTo(0, y);
    const { top, bottom } = wanted.getBoundingClientRect();
    if (seenPoints(wanted) < 5 || top < 0 || bottom > innerHeight) {
      faults.push(`not whole, scrolled to ${Math.round(scrollY)} px: ${name(wanted)}`);
    }
  }

  for (const e of all('a[href], button:enabled, input:enabled, select:enabled, summary')) {
    document.activeElement?.blur(); // so that the focus comes, and the page scrolls to it
    e.focus();
    if (document.activeElement !== e) continue;
    if (seenPoints(e) < 3) faults.push(`covered when it has the focus: ${name(e)}`);
    const { left, right, width, height } = e.getBoundingClientRect();
    const alone = e.matches('button, select, summary') || getComputedStyle(e).display !== 'inline';
    if (alone && !e.matches('input') && Math.min(width, height) < LEAST_TARGET_PX) faults.push(`too small a target: ${name(e)}`);
    if (notch_px && (left < notch_px || right > innerWidth - notch_px)) faults.push(`beyond the safe area: ${name(e)}`);
  }
  if (activeElement === document.body) document.activeElement?.blur();
  else activeElement?.focus({ preventScroll: true });
  scrollTo(...from);
  return faults;
}
