// The frame that was read, and on it what was read: box, mesh, body lines, expression. And the path on the plane.

const INK = { face: "rgb(46,204,150)", body: "rgb(255,178,64)", paper: "rgba(20,24,32,.82)", text: "rgb(245,247,250)" };

function paint(canvas, picture, tick, mirror, contours) {
  const zoom = Math.min(2, window.devicePixelRatio || 1) * Math.max(1, canvas.clientWidth / picture.width);
  canvas.width = Math.round(picture.width * zoom);
  canvas.height = Math.round(picture.height * zoom);
  const pen = canvas.getContext("2d");
  pen.setTransform(mirror ? -zoom : zoom, 0, 0, zoom, mirror ? canvas.width : 0, 0);
  pen.drawImage(picture, 0, 0);
  pen.lineCap = pen.lineJoin = "round";
  if (tick.posture) body(pen, tick.posture.lines);
  if (tick.face) {
    mesh(pen, tick.face.points, contours);
    frame(pen, tick.face.box);
    pen.setTransform(zoom, 0, 0, zoom, 0, 0); // words are never mirrored
    label(pen, tick.face, picture.width, mirror);
  }
}

function body(pen, lines) {
  pen.strokeStyle = INK.body;
  pen.lineWidth = 3;
  pen.beginPath();
  for (const [x1, y1, x2, y2] of lines) { pen.moveTo(x1, y1); pen.lineTo(x2, y2); }
  pen.stroke();
}

function mesh(pen, points, contours) {
  pen.strokeStyle = INK.face;
  pen.globalAlpha = 0.8;
  pen.lineWidth = 1.1;
  pen.beginPath();
  let start = 0;
  for (const length of contours) {
    points.slice(start, start + length).forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    start += length;
  }
  pen.stroke();
  pen.fillStyle = INK.face;
  for (const [x, y] of points) pen.fillRect(x - 0.9, y - 0.9, 1.8, 1.8);
  pen.globalAlpha = 1;
}

function frame(pen, [x, y, width, height]) {
  pen.strokeStyle = INK.face;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.roundRect(x, y, width, height, 8);
  pen.stroke();
}

function label(pen, face, width, mirror) {
  const words = face.abstains ? "unsure" : `${face.label}, ${percent(face.confidence)} sure`;
  const [x, y, w, h] = face.box;
  pen.font = "600 15px system-ui, sans-serif";
  const wide = pen.measureText(words).width + 14;
  const left = Math.max(2, Math.min(width - wide - 2, mirror ? width - x - w : x));
  const top = y > 30 ? y - 28 : y + h + 4;
  pen.fillStyle = INK.paper;
  pen.beginPath();
  pen.roundRect(left, top, wide, 24, 6);
  pen.fill();
  pen.fillStyle = INK.text;
  pen.textBaseline = "middle";
  pen.fillText(words, left + 7, top + 12.5);
}

// The plane is 240 wide with a margin of 24, as on the other tabs.
function walk(plane, trail) {
  const at = ([valence, arousal]) => [120 + 96 * valence, 120 - 96 * arousal];
  const path = trail.map(at);
  plane.querySelector(".path").setAttribute("points", path.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" "));
  const dot = plane.querySelector(".dot");
  dot.setAttribute("visibility", path.length ? "visible" : "hidden");
  if (path.length) {
    const [x, y] = path[path.length - 1];
    dot.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
  }
}

function percent(value) {
  // what is neither impossible nor certain is not rounded to either
  if (value > 0 && value < 0.005) return "<1 %";
  return value > 0.995 && value < 1 ? ">99 %" : `${Math.round(100 * value)} %`;
}
