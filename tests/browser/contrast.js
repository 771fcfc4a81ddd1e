// Every visible text of the page whose contrast is below WCAG 2.2 AA: 4.5 to 1, 3 to 1 for large letters.
() => {
  const numbers = (colour) => [...(colour.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number), 1].slice(0, 4);
  const over = (top, ground, share) => ground.map((each, i) => top[i] * share + each * (1 - share));
  const parents = (node) => { const found = []; for (let at = node; at; at = at.parentElement) found.unshift(at); return found; };
  const light = (colour) => colour.map((each) => each / 255)
    .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
    .reduce((sum, each, i) => sum + each * [0.2126, 0.7152, 0.0722][i], 0);
  const found = new Set();
  for (const node of document.querySelectorAll("body *")) {
    const box = node.getBoundingClientRect(), style = getComputedStyle(node);
    const own = [...node.childNodes].some((each) => each.nodeType === 3 && each.textContent.trim());
    const hint = !node.value && node.placeholder;
    if (!box.width || !box.height || style.visibility !== "visible" || !(own || hint)) continue;
    const around = parents(node);
    const ground = around.map((each) => numbers(getComputedStyle(each).backgroundColor))
      .reduce((below, each) => over(each, below, each[3]), [255, 255, 255]);
    const ink = numbers(node.closest("svg") ? style.fill : hint ? getComputedStyle(node, "::placeholder").color : style.color);
    const share = around.reduce((all, each) => all * getComputedStyle(each).opacity, ink[3]);
    if (share === 0) continue;
    const [dark, bright] = [light(ground), light(over(ink, ground, share))].sort((a, b) => a - b);
    const px = parseFloat(style.fontSize), large = px >= 24 || (px >= 18.66 && style.fontWeight >= 700);
    const ratio = (bright + 0.05) / (dark + 0.05);
    if (ratio < (large ? 3 : 4.5)) found.add(`${(hint || node.textContent).trim().slice(0, 40)}: ${ratio.toFixed(2)}`);
  }
  return [...found];
}
