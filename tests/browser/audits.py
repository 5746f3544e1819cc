"""What a reader could stumble over, asked of a page in its own language: contrast, names, captions, overflow."""

from __future__ import annotations

# Contrast by WCAG 2: each text against the nearest background below it; colours are read as the browser computed them.
CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const known = new Map();
  const rgba = (css) => { if (!known.has(css)) {
      canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = css; canvas.fillRect(0, 0, 1, 1);
      known.set(css, [...canvas.getImageData(0, 0, 1, 1).data]); }
    return known.get(css); };
  const papers = new Map();
  const paperOf = (node) => { if (!node) return light(rgba('white'));
    if (!papers.has(node)) { const css = getComputedStyle(node).backgroundColor;
      papers.set(node, rgba(css)[3] < 250 ? paperOf(node.parentElement) : light(rgba(css))); }
    return papers.get(node); };
  const linear = (v) => v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => {
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b); };
  const poor = [];
  for (const node of document.querySelectorAll('body *')) {
    if (![...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim())) continue;
    if (node.closest('svg') || !node.checkVisibility() || node.getClientRects().length === 0) continue;
    if (node.closest('.tile.unknown, .unseen, .skip')) continue;
    const paper = paperOf(node);
    const ink = light(rgba(getComputedStyle(node).color));
    const ratio = (Math.max(paper, ink) + 0.05) / (Math.min(paper, ink) + 0.05);
    if (ratio < 4.5) poor.push([node.tagName, node.className, node.textContent.trim().slice(0, 40), ratio.toFixed(2)]);
  }
  return poor.slice(0, 10);
}"""

# What a screen reader or a keyboard would stumble over.
STUMBLES = """() => {
  const faults = [];
  const name = (node) => (node.getAttribute('aria-label') || node.textContent || '').trim()
    || (node.labels && node.labels.length && node.labels[0].textContent.trim());
  for (const node of document.querySelectorAll('a, button, input, select, progress, [role=region], [role=group]'))
    if (!name(node)) faults.push('no name: ' + node.outerHTML.slice(0, 90));
  const letters = (text) => text.toLowerCase().replace(/[^\\p{L}\\p{N}]+/gu, ' ').trim();
  for (const node of document.querySelectorAll('a[aria-label], button[aria-label]'))
    if (!letters(node.getAttribute('aria-label')).includes(letters(node.textContent)))
      faults.push('its name leaves out what it shows: ' + node.outerHTML.slice(0, 90));
  for (const node of document.querySelectorAll('svg [role]'))
    if (!node.closest('[aria-hidden=true]')) faults.push('a part of a drawing: ' + node.outerHTML.slice(0, 90));
  for (const node of document.querySelectorAll('main table'))
    if (!node.caption || !node.caption.textContent.trim()) faults.push('no caption: ' + node.outerHTML.slice(0, 90));
  for (const node of document.querySelectorAll('main th'))
    if (!node.scope) faults.push('no scope: ' + node.outerHTML.slice(0, 90));
  for (const node of document.querySelectorAll('svg'))
    if (!node.closest('[aria-hidden=true]')) {
      const ids = (node.getAttribute('aria-labelledby') || '').split(' ');
      if (node.getAttribute('role') !== 'img' || !ids.every((id) => document.getElementById(id)?.textContent.trim()))
        faults.push('unlabelled drawing: ' + node.outerHTML.slice(0, 90));
    }
  let level = 0;
  for (const node of document.querySelectorAll('h1, h2, h3, h4')) {
    const next = Number(node.tagName[1]);
    if (next > level + 1) faults.push(`heading jumps from ${level} to ${next}: ` + node.textContent);
    level = next;
  }
  const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);
  if (new Set(ids).size !== ids.length) faults.push('an id stands twice');
  if (!document.documentElement.lang) faults.push('no language');
  return faults.slice(0, 10);
}"""
