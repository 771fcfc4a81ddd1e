// The camera of this browser: asked for at a press, given back at the next, pictures taken one at a time.

class Camera {
  constructor(video, onlost) {
    this.video = video;
    this.onlost = onlost;
    this.stream = null;
  }

  get on() {
    return this.stream !== null;
  }

  async start() {
    const stream = await ask({ video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "user" } });
    stream.getVideoTracks()[0].onended = () => { this.stop(); this.onlost(); };
    this.stream = stream;
    this.video.srcObject = stream;
    await this.video.play();
  }

  stop() {
    this.stream?.getTracks().forEach((track) => { track.onended = null; track.stop(); });
    this.stream = null;
    this.video.srcObject = null;
  }

  // The picture of this moment, at most `width` pixels wide; null while the camera shows nothing yet.
  grab(width) {
    const { videoWidth, videoHeight, readyState } = this.video;
    if (!this.on || readyState < 2 || !videoWidth) return null;
    const zoom = Math.min(1, width / videoWidth);
    const picture = document.createElement("canvas");
    picture.width = Math.round(videoWidth * zoom);
    picture.height = Math.round(videoHeight * zoom);
    const taken_ms = performance.now();
    picture.getContext("2d").drawImage(this.video, 0, 0, picture.width, picture.height);
    const jpeg = picture.toDataURL("image/jpeg", 0.85).split(",")[1];
    return { picture, jpeg, taken_ms };
  }
}

function ask(wish) {
  if (!navigator.mediaDevices) {
    const error = new Error("no media devices");
    error.name = "InsecureError";
    throw error;
  }
  return navigator.mediaDevices.getUserMedia(wish);
}

// One friendly sentence for whatever went wrong with a device.
function excuse(device, error) {
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      return `The ${device} was refused: that is fine. To change your mind, use the lock beside the address.`;
    case "NotFoundError":
    case "OverconstrainedError":
      return `No ${device} was found.`;
    case "NotReadableError":
    case "AbortError":
      return `The ${device} is busy: another program may be using it.`;
    case "InsecureError":
      return `This browser lends a ${device} only to pages opened with https, or on the same computer.`;
    default:
      return `The ${device} could not be started (${error.name}).`;
  }
}
