package press

import (
	"encoding/binary"
	"encoding/xml"
	"errors"
	"image"
	_ "image/jpeg" // for image.DecodeConfig
	_ "image/png"  // for image.DecodeConfig
	"io"
	"math"
	"strconv"
	"strings"
)

// maxSide is the longest side of a picture in pixels, against files that claim nonsense.
const maxSide = 20_000

// size reads how wide and high a picture of the media type is, in pixels, from the beginning of its bytes.
// No pixel is decoded.
func size(kind string, r io.Reader) (width, height int, err error) {
	switch kind {
	case "image/svg+xml":
		width, height, err = sizeSVG(r)
	case "image/webp":
		width, height, err = sizeWebP(r)
	default:
		var config image.Config
		var format string
		config, format, err = image.DecodeConfig(r)
		if err == nil && "image/"+format != kind {
			err = errors.New("the name says " + kind + ", the bytes say " + format)
		}
		width, height = config.Width, config.Height
	}
	if err == nil && (width < 1 || height < 1 || width > maxSide || height > maxSide) {
		err = errors.New("the picture has no size, or too large a one")
	}
	return width, height, err
}

// sizeWebP reads the first chunk after the RIFF header (RFC 9649 sections 2.4 to 2.7).
func sizeWebP(r io.Reader) (width, height int, err error) {
	var b [30]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return 0, 0, err
	}
	if string(b[:4]) != "RIFF" || string(b[8:12]) != "WEBP" {
		return 0, 0, errors.New("not a WebP file")
	}
	data := b[20:]
	switch string(b[12:16]) {
	case "VP8X": // 24 bits each, less one
		return 1 + int(data[4]) + int(data[5])<<8 + int(data[6])<<16, 1 + int(data[7]) + int(data[8])<<8 + int(data[9])<<16, nil
	case "VP8 ": // after the frame tag and the start code; the two high bits are a scale
		if string(data[3:6]) == "\x9d\x01\x2a" {
			return int(binary.LittleEndian.Uint16(data[6:])) & 0x3fff, int(binary.LittleEndian.Uint16(data[8:])) & 0x3fff, nil
		}
	case "VP8L": // 14 bits each, less one, after the signature
		if data[0] == 0x2f {
			bits := binary.LittleEndian.Uint32(data[1:])
			return 1 + int(bits&0x3fff), 1 + int(bits>>14&0x3fff), nil
		}
	}
	return 0, 0, errors.New("not a WebP picture")
}

// sizeSVG takes width and height of the root element when both are plain pixels, else its viewBox
// (SVG 2 section 8.2 and 8.6).
func sizeSVG(r io.Reader) (width, height int, err error) {
	decoder := xml.NewDecoder(r)
	decoder.Entity = xml.HTMLEntity
	for {
		token, err := decoder.Token()
		if err != nil {
			return 0, 0, err
		}
		root, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if root.Name.Local != "svg" {
			return 0, 0, errors.New("not an SVG drawing")
		}
		attr := map[string]string{}
		for _, a := range root.Attr {
			attr[a.Name.Local] = a.Value
		}
		if w, h := pixels(attr["width"]), pixels(attr["height"]); w > 0 && h > 0 {
			return w, h, nil
		}
		box := strings.FieldsFunc(attr["viewBox"], func(r rune) bool { return r == ',' || r <= ' ' })
		if len(box) != 4 {
			return 0, 0, errors.New("the drawing has neither a size nor a viewBox")
		}
		return pixels(box[2]), pixels(box[3]), nil
	}
}

// pixels reads a length in CSS pixels, rounded up; 0 when it is in another unit.
func pixels(s string) int {
	f, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(s), "px"), 64)
	if err != nil || !(f > 0 && f <= maxSide) {
		return 0
	}
	return int(math.Ceil(f))
}
