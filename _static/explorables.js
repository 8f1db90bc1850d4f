// Pictures that a reader can touch. lib/explorables.py writes each as an element <one-explorable> that holds its numbers
// as JSON, and a still picture for paper and for browsers without scripts. This file makes the element move.
//
// It is one plain script, since a page on the disk may load no modules: arithmetic first, under the names that lib has
// for it, then the parts that all share, then the explorables, one function each. A notebook carries it with every
// explorable, so it may be met many times; the first one stays.
(() => {
  "use strict";
  if (window.oneByOne) return;

  // ---------------------------------------------------------------------------------------------------- Arithmetic
  // Numbers come as lists of lists: maps[channel][row][column], weight[filter][channel][row][column].

  const range = (length) => [...Array(length).keys()];
  const copy = (lists) => JSON.parse(JSON.stringify(lists));

  // Visit every number of lists of lists, and say where it stands.
  function each(lists, visit, ...place) {
    lists.forEach((inner, k) => (Array.isArray(inner) ? each(inner, visit, ...place, k) : visit(inner, ...place, k)));
  }

  const clamp = (number, least, most) => Math.max(least, Math.min(most, number));
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

  function outputSize(size, kernel, { stride = 1, padding = 0, dilation = 1 } = {}) {
    return Math.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
  }

  // What a filter reads for one output pixel, at stride 1: from every map the same window.
  function windowAt(maps, kernel, row, column) {
    const across = (line) => line.slice(column, column + kernel);
    return maps.map((map) => map.slice(row, row + kernel).map(across));
  }

  // Each weight of one filter times the number under it.
  function products(filter, seen) {
    return filter.map((kernel, c) => kernel.map((weights, i) => weights.map((weight, j) => weight * seen[c][i][j])));
  }

  const sumOfMap = (numbers) => sum(numbers.map(sum));

  // The definition, in loops, as chapter 1 has it.
  function conv2d(maps, weight, { stride = 1, padding = 0, dilation = 1 } = {}) {
    const kernel = weight[0][0].length;
    const size = (length) => outputSize(length, kernel, { stride, padding, dilation });
    const [rows, columns] = [range(size(maps[0].length)), range(size(maps[0][0].length))];

    function pixel(filter, row, column) {
      let total = 0;
      for (let c = 0; c < maps.length; c++) {
        for (let i = 0; i < kernel; i++) {
          const line = maps[c][row * stride - padding + i * dilation] ?? [];
          for (let j = 0; j < kernel; j++) {
            total += filter[c][i][j] * (line[column * stride - padding + j * dilation] ?? 0);
          }
        }
      }
      return total;
    }

    return weight.map((filter) => rows.map((row) => columns.map((column) => pixel(filter, row, column))));
  }

  // A 1×1 convolution: one matrix times the column of numbers behind each pixel.
  function pointwise(maps, matrix) {
    const mixed = (weights, row, column) => sum(weights.map((weight, c) => weight * maps[c][row][column]));
    return matrix.map((weights) => maps[0].map((line, row) => line.map((_, column) => mixed(weights, row, column))));
  }

  // The matrix that undoes one of 3×3: its cofactors over its determinant. None if that is next to 0.
  function inverse(m) {
    const minor = (i, j) =>
      m[(i + 1) % 3][(j + 1) % 3] * m[(i + 2) % 3][(j + 2) % 3] -
      m[(i + 1) % 3][(j + 2) % 3] * m[(i + 2) % 3][(j + 1) % 3];
    const determinant = sum(range(3).map((j) => m[0][j] * minor(0, j)));
    if (Math.abs(determinant) < 1e-6) return null;
    return range(3).map((i) => range(3).map((j) => minor(j, i) / determinant));
  }

  // Side of the square of input pixels that one output pixel can see. A layer is { kernel, stride, dilation }.
  function receptiveField(layers) {
    let [side, jump] = [1, 1];
    for (const { kernel, stride, dilation } of layers) {
      side += (kernel - 1) * dilation * jump;
      jump *= stride;
    }
    return side;
  }

  // Which rows it reads, counted from the first; columns likewise. With dilation some in between are left out.
  function rowsSeen(layers) {
    let rows = new Set([0]);
    for (const { kernel, stride, dilation } of [...layers].reverse()) {
      rows = new Set([...rows].flatMap((row) => range(kernel).map((i) => row * stride + i * dilation)));
    }
    return [...rows].sort((a, b) => a - b);
  }

  // A k×k without bias that keeps height and width: weights, multiply–accumulates, and bytes moved in float32.
  function conv2dCost(maps, filters, kernel, side) {
    const parameters = filters * kernel * kernel * maps;
    return { parameters, macs: parameters * side * side, bytes: 4 * ((maps + filters) * side * side + parameters) };
  }

  // Below this width a 1×1 in front of a k×k saves more than it costs.
  function breakEven(maps, filters, kernel) {
    return (kernel * kernel * maps * filters) / (maps + kernel * kernel * filters);
  }

  // The least time on a machine { macs, bytes } a second: it multiplies, or it waits for its memory.
  const seconds = (machine, cost) => Math.max(cost.macs / machine.macs, cost.bytes / machine.bytes);

  // The slope of a blurred picture in one direction, as lib.filters.oriented makes it.
  function oriented(angle, sigma = 2, reach = 6) {
    const places = range(2 * reach + 1).map((place) => place - reach);
    const fade = (x, y) => Math.exp(-(x * x + y * y) / (2 * sigma * sigma));
    return places.map((y) => places.map((x) => (Math.cos(angle) * x + Math.sin(angle) * y) * fade(x, y)));
  }

  // A network of convolutions { weight, bias }, with ReLUs between them.
  function network(layers, maps) {
    const biased = ({ weight, bias }, x) =>
      conv2d(x, weight).map((map, o) => map.map((line) => line.map((n) => n + bias[o])));
    const relu = (x) => x.map((map) => map.map((line) => line.map((number) => Math.max(number, 0))));
    return layers.reduce((x, layer, k) => biased(layer, k ? relu(x) : x), maps);
  }

  // --------------------------------------------------------------------------------------------------------- Words

  const counted = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
  const written = (number) => String(number).replace("-", "−"); // a minus as wide as a plus, and spoken as one
  const rounded = (number) => number.toFixed(Math.abs(number) < 10 ? 1 : 0);
  const factor = (number) => (number < 0 ? `(${written(number)})` : written(number));

  // 3 + 0 − 8: a negative number is taken off.
  function inOneSum(numbers) {
    const signed = (number) => `${number < 0 ? "−" : "+"} ${written(Math.abs(number))}`;
    return [written(numbers[0]), ...numbers.slice(1).map(signed)].join(" ");
  }

  // --------------------------------------------------------------------------------------------------------- Parts

  // make("button", { type: "button" }, "Step") is <button type="button">Step</button>.
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value === "function") element.addEventListener(name, value);
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  const box = (name, ...parts) => make("div", { class: name }, ...parts);
  const button = (text, click, spoken) =>
    make("button", { type: "button", click, ...(spoken && { "aria-label": spoken }) }, text);

  // A few things of which one is chosen, as buttons that stay pressed.
  function choice(label, options, choose) {
    const press = (value) => buttons.forEach(([own, node]) => node.setAttribute("aria-pressed", String(own === value)));
    const buttons = options.map(([value, text]) => [value, button(text, () => choose(value))]);
    const names = { class: "choice", role: "group", "aria-label": label };
    return { node: make("div", names, ...buttons.map((pair) => pair[1])), press };
  }

  const arrows = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  // Numbers in rows. `name(row, column)` says aloud which one a cell is. If they can be changed, the keyboard walks
  // among them with the arrows, and one tab stop leads to them all; `choose` is told which one has the focus.
  // `block` cells stand closer together than others.
  function numbers(label, rows, columns, name, choose, block = 1) {
    const apart = (at) => block > 1 && at > 0 && at % block === 0;
    const cells = range(rows).map((row) => range(columns).map((column) => cell(row, column)));
    const lines = cells.map((line) => make("div", { role: "row" }, ...line));
    const node = make("div", { class: "numbers", role: choose ? "grid" : "table", "aria-label": label }, ...lines);
    const width = (column) => (apart(column) ? "calc(var(--cell) + 6px)" : "var(--cell)");
    node.style.gridTemplateColumns = range(columns).map(width).join(" ");

    function cell(row, column) {
      const made = make("span", { role: choose ? "gridcell" : "cell" });
      if (apart(column)) made.style.marginLeft = "6px";
      if (apart(row)) made.style.marginTop = "6px";
      if (!choose) return made;
      made.tabIndex = row + column === 0 ? 0 : -1;
      made.addEventListener("focus", () => chosen(row, column));
      made.addEventListener("click", () => made.focus());
      return made;
    }

    function chosen(row, column) {
      for (const other of cells.flat()) other.tabIndex = -1;
      cells[row][column].tabIndex = 0;
      choose(row, column);
    }

    node.addEventListener("keydown", (event) => {
      const step = arrows[event.key];
      const row = cells.findIndex((line) => line.includes(event.target));
      if (!step || row < 0) return;
      cells[row + step[0]]?.[cells[row].indexOf(event.target) + step[1]]?.focus();
      event.preventDefault();
      event.stopPropagation(); // or the step of the whole would change as well
    });

    function write(row, column, number, ...marks) {
      const text = number === null ? "·" : written(number); // or words, as they are
      const place = cells[row][column];
      place.textContent = text;
      place.className = marks.filter(Boolean).join(" ");
      place.classList.toggle("long", text.length > 3 && typeof number === "number");
      place.setAttribute("aria-label", `${name(row, column)}: ${number === null ? "not yet" : text}`);
    }

    return { node, write, cells };
  }

  // Back, Step, Play, and a slider over all steps. Play never starts by itself, and is not offered to those who ask
  // their system for less motion.
  function scrubber(label, tell, change) {
    let count = 1;
    let at = 0;
    let timer = null;
    const move = (step) => {
      stop();
      go(step);
    };
    const slider = make("input", {
      type: "range",
      min: 0,
      "aria-label": label,
      input: () => move(Number(slider.value)),
    });
    const play = button("Play", () => (timer ? stop() : start()));
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    const offer = () => (play.hidden = still.matches);
    still.addEventListener("change", () => (offer(), stop()));
    offer();
    const back = button("Back", () => move(at - 1));
    const step = button("Step", () => move(at + 1));
    const node = box("scrubber", back, step, play, slider);

    function go(step) {
      at = clamp(Math.round(step), 0, count - 1);
      slider.value = at;
      slider.setAttribute("aria-valuetext", tell(at));
      change(at);
    }

    function start() {
      if (at === count - 1) go(0);
      play.textContent = "Pause";
      timer = setInterval(() => (at + 1 < count ? go(at + 1) : stop()), 1000);
      change(at);
    }

    function stop() {
      if (!timer) return;
      clearInterval(timer);
      timer = null;
      play.textContent = "Play";
      change(at); // which is spoken, now that it stays
    }

    // For the whole explorable, wherever the focus is in it.
    function key(event) {
      const places = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: count - 1 };
      if (event.target.tagName === "INPUT" || !(event.key in places) || event.ctrlKey || event.altKey || event.metaKey)
        return;
      event.preventDefault();
      move(places[event.key]);
    }

    const reach = (length) => (slider.max = (count = length) - 1);
    return { node, go, move, reach, key, stop, at: () => at, playing: () => timer !== null };
  }

  // A line below the numbers that changes the one with the focus, for fingers as for keys.
  function editor(least, most, change) {
    let target = null; // { name, get, set }
    const label = make("span", { class: "which" });
    const box = make("input", { type: "number", min: least, max: most, step: 1, input: () => put(box.value) });
    const node = make("div", { class: "editor", role: "group", "aria-label": "Change a number" }, label);
    node.append(
      button("−", () => put(target.get() - 1), "one less"),
      box,
      button("+", () => put(target.get() + 1), "one more"),
    );

    function put(value) {
      const number = Math.round(Number(value));
      if (value === "" || value === "-" || !Number.isFinite(number)) return; // half typed
      target.set(clamp(number, least, most));
      show();
      change(target);
    }

    function show() {
      label.textContent = target.name;
      box.setAttribute("aria-label", target.name);
      if (document.activeElement !== box) box.value = target.get();
    }

    // Digits, and + and − for one more or less, typed on the number itself.
    function key(event) {
      if (event.target.getAttribute("role") !== "gridcell" || event.ctrlKey || event.altKey || event.metaKey) return;
      if (/^[0-9]$/.test(event.key)) put(event.key);
      else if (event.key === "+" || event.key === "=") put(target.get() + 1);
      else if (event.key === "-") put(target.get() - 1);
      else return;
      event.preventDefault();
    }

    function choose(chosen) {
      target = chosen;
      node.classList.add("on");
      show();
    }

    return { node, choose, key };
  }

  // A slider with its name and its value beside it.
  function setting(label, values, value, tell, change) {
    const shown = make("span"); // and no <output>, which would be spoken besides
    const last = values.length - 1;
    const slider = make("input", {
      type: "range",
      min: 0,
      max: last,
      "aria-label": label,
      input: () => put(slider.value),
    });
    const node = box("setting", make("span", {}, label), slider, shown);
    let place = 0;

    function show(at) {
      place = clamp(Number(at) || 0, 0, last);
      slider.value = place;
      shown.textContent = tell(values[place]);
      slider.setAttribute("aria-valuetext", tell(values[place]));
    }

    function put(at) {
      show(at);
      change();
    }

    const set = (wanted) => show(values.indexOf(wanted) < 0 ? place : values.indexOf(wanted));
    show(values.indexOf(value));
    return { node, set, get: () => values[place] };
  }

  // A list of which one is chosen.
  function select(label, values, value, change) {
    const options = values.map((own) => make("option", {}, own));
    const node = make("select", { "aria-label": label, change: () => change(Number(node.value)) }, ...options);
    node.value = value;
    return node;
  }

  // A picture of pixels: `paint` is given maps of numbers from 0 to 1, one or three.
  function pixels(label, rows, columns) {
    const node = make("canvas", { width: columns, height: rows, role: "img", "aria-label": label });
    const ink = node.getContext("2d");
    function paint(maps) {
      const image = ink.createImageData(columns, rows);
      const byte = (map, at) => 255 * map[Math.floor(at / columns)][at % columns]; // which clamps by itself
      for (let at = 0; at < rows * columns; at++) {
        image.data.set([byte(maps[0], at), byte(maps[1] ?? maps[0], at), byte(maps[2] ?? maps[0], at), 255], 4 * at);
      }
      ink.putImageData(image, 0, 0);
    }
    return { node, paint };
  }

  // The maps of a picture that the still holds. Only an address that holds its data may be read on a page from the disk.
  async function mapsOf(image, channels) {
    const picture = new Image();
    picture.src = image.getAttribute("href");
    await picture.decode();
    const { width, height } = picture;
    const ink = make("canvas", { width, height }).getContext("2d");
    ink.drawImage(picture, 0, 0);
    const { data } = ink.getImageData(0, 0, width, height);
    const line = (c, row) => range(width).map((column) => data[4 * (row * width + column) + c] / 255);
    return range(channels).map((c) => range(height).map((row) => line(c, row)));
  }

  // A drawing; what stands in it, the words beside it say too. `draw` takes its parts as text.
  function drawing(label, width, height) {
    const node = make("div", { role: "img", "aria-label": label });
    const draw = (parts) => (node.innerHTML = `<svg viewBox="0 0 ${width} ${height}">${parts.join("")}</svg>`);
    return { node, draw };
  }

  const titled = (title, ...parts) => box("titled", make("p", {}, title), ...parts);

  // ------------------------------------------------------------------------------------------------------- Stepper
  // A convolution, one number of the output after the other.

  function stepper(tool) {
    const { data, live } = tool;
    const fresh = JSON.stringify([data.input, data.weights]);
    let [input, weights] = JSON.parse(fresh);
    let which = 0; // of the layers that may be chosen
    let tables = {};

    const size = (layer = which) => weights[layer][0][0].length;
    const names = weights.map((_, layer) => `${size(layer)}×${size(layer)}`);
    const kernels = choice(
      "Kernel",
      names.map((name, layer) => [layer, name]),
      (layer) => {
        which = layer;
        build();
        steps.move(0);
      },
    );
    const steps = scrubber("Step", (at) => `step ${at + 1}`, paint);
    const change = editor(-9, 9, ({ name, get }) => {
      steps.stop();
      paint(steps.at(), `${name} is now ${written(get())}. `);
    });
    const again = button("Start again", () => {
      [input, weights] = JSON.parse(fresh);
      steps.move(0);
    });
    const picture = box("picture");
    live.append(box("controls", kernels.node, steps.node), tool.status, picture, box("controls", again, change.node));
    live.addEventListener("keydown", change.key);
    live.addEventListener("keydown", steps.key);

    // The tables anew, since the kernel decides how many numbers there are.
    function build() {
      const [k, rows, columns] = [size(), input[0].length, input[0][0].length];
      const [high, wide] = [outputSize(rows, k), outputSize(columns, k)];
      const [filters, channels] = [range(weights[which].length), range(input.length)];
      const place = (row, column) => `row ${row + 1}, column ${column + 1}`;
      const block = (at) => [Math.floor(at / k), at % k];

      const pixel = (c) => (row, column) => `pixel of map ${c + 1}, ${place(row, column)}`;
      const edit = (c) => (row, column) => change.choose(entry(input[c][row], column, pixel(c)(row, column)));
      const ins = channels.map((c) => numbers(`Map ${c + 1} in`, rows, columns, pixel(c), edit(c)));
      const outs = filters.map((o) =>
        numbers(`Map ${o + 1} out`, high, wide, (row, column) => `map ${o + 1} out, ${place(row, column)}`),
      );

      const weight = (row, column) => {
        const [[o, i], [c, j]] = [block(row), block(column)];
        return `weight of filter ${o + 1} for map ${c + 1}${k > 1 ? `, ${place(i, j)}` : ""}`;
      };
      const editWeight = (row, column) => {
        const [[o, i], [c, j]] = [block(row), block(column)];
        change.choose(entry(weights[which][o][c][i], j, weight(row, column)));
      };
      const matrix = numbers("The matrix", k * filters.length, k * channels.length, weight, editWeight, k);
      const read = (row, column) => `from map ${block(row)[0] + 1}${k > 1 ? `, ${place(block(row)[1], column)}` : ""}`;
      const column = numbers("The column", k * channels.length, k, read, null, k);
      const result = numbers("The new column", filters.length, 1, (o) => `of filter ${o + 1}`);
      result.node.style.setProperty("--cell", "32px"); // sums are longer
      const parts = channels.map((c) => numbers(`Products of map ${c + 1}`, k, k, (i, j) => place(i, j)));
      tables = { ins, outs, matrix, column, result, parts, high, wide };

      const total = make("p", { class: "total" });
      tables.total = total;
      if (k === 1) for (const part of parts) part.node.style.setProperty("--cell", "4.5rem"); // for words
      const sign = (text) => make("span", { class: "sign", "aria-hidden": "true" }, text);
      picture.replaceChildren(
        box(
          "side",
          titled(
            `${counted(ins.length, "map")} in, one window through ${ins.length > 1 ? "all" : "it"}`,
            box("maps", ...ins.map((t) => t.node)),
          ),
          sign("→"),
          titled(`${counted(outs.length, "map")} out`, box("maps", ...outs.map((t) => t.node))),
        ),
        box(
          "side",
          titled("the matrix", matrix.node),
          sign("×"),
          titled("the column", column.node),
          sign("="),
          titled("result", result.node),
        ),
        titled(
          "this row times the column, map by map, and the sum",
          box("side", ...parts.flatMap((t, c) => (c ? [sign("+"), t.node] : [t.node])), sign("="), total),
        ),
      );
      picture.dataset.kernel = k;
      steps.reach(filters.length * high * wide);
      kernels.press(which);
    }

    const entry = (list, place, name) => ({ name, get: () => list[place], set: (number) => (list[place] = number) });

    // Step n fills pixel n / filters of the map of filter n % filters: the whole new column of one pixel, then the next.
    function paint(at, before = "") {
      const [k, filters] = [size(), weights[which].length];
      const [now, pixel] = [at % filters, Math.floor(at / filters)];
      const [row, column] = [Math.floor(pixel / tables.wide), pixel % tables.wide];
      const seen = windowAt(input, k, row, column);
      const made = products(weights[which][now], seen);
      const output = conv2d(input, weights[which]);
      const under = (y, x) => y >= row && y < row + k && x >= column && x < column + k;

      each(input, (number, c, y, x) => tables.ins[c].write(y, x, number, under(y, x) && "read"));
      each(output, (number, o, y, x) => {
        const filled = (y * tables.wide + x) * filters + o;
        tables.outs[o].write(y, x, filled <= at ? number : null, filled <= at && "filled", filled === at && "made");
      });
      each(weights[which], (number, o, c, i, j) =>
        tables.matrix.write(o * k + i, c * k + j, number, o === now && "used"),
      );
      each(seen, (number, c, i, j) => {
        const factors = `${written(weights[which][now][c][i][j])} × ${factor(number)}`;
        tables.column.write(c * k + i, j, number, "read");
        tables.parts[c].write(i, j, k > 1 ? made[c][i][j] : factors);
      });
      output.forEach((map, o) => {
        tables.result.write(o, 0, o <= now ? map[row][column] : null, o <= now && "filled", o === now && "made");
      });

      const sums = made.map(sumOfMap);
      const factors = sums.map((_, c) => `${written(weights[which][now][c][0][0])} × ${factor(seen[c][0][0])}`);
      const result = written(sum(sums));
      tables.total.replaceChildren(`${inOneSum(sums)} = `, make("b", { class: "made" }, result));
      const how = k > 1 ? `${k * k} products from each map, added: ${inOneSum(sums)}` : factors.join(" + ");
      tool.say(
        `${before}Step ${at + 1} of ${filters * tables.high * tables.wide}. Filter ${now + 1}, at row ${row + 1}, ` +
          `column ${column + 1} of all ${input.length} maps at once: ${how} = ${result}.`,
        steps.playing(),
      );
      const changed = JSON.stringify([input, weights]) !== fresh;
      const edited = changed ? { pixels: input.flat(2).join(), weights: weights[which].flat(3).join() } : {};
      tool.keep({ kernel: k, step: at + 1, ...edited });
    }

    // Numbers of a linked state, put in their order into lists of lists.
    function refill(nested, list) {
      return nested.map((inner) => (Array.isArray(inner) ? refill(inner, list) : (list.shift() ?? inner)));
    }

    const limited = (text) => clamp(Math.round(text), -9, 9);
    const listed = (text) => (text ?? "").split(",").filter(Boolean).map(limited).filter(Number.isFinite);
    const asked = tool.asked();
    which = Math.max(
      0,
      weights.findIndex((weight) => weight[0][0].length === Number(asked.kernel)),
    );
    input = refill(input, listed(asked.pixels));
    weights[which] = refill(weights[which], listed(asked.weights));
    build();
    steps.go((Number(asked.step) || 1) - 1);
  }

  // ----------------------------------------------------------------------------------------------- What does it cost
  // A 1×1 in front of a k×k, against the k×k alone: weights and work, and the time that a machine needs at least.

  function cost(tool) {
    const { data, live, asked } = tool;
    const many = range(512).map((number) => number + 1);
    const start = (name) => Number(asked()[name]) || data.start[name];
    const list = (label, name, values, tell = String) => setting(label, values, start(name), tell, paint);
    const settings = [
      list("maps in", "maps", many),
      list("maps kept by the 1×1", "kept", many),
      list("maps out", "filters", many),
      list("kernel behind it", "kernel", [1, 3, 5, 7], (k) => `${k}×${k}`),
      list("pixels", "side", [7, 14, 28, 56, 112], (n) => `${n}×${n}`),
    ];
    const bars = box("bars");
    live.append(...settings.map((one) => one.node), tool.status, bars);

    // Not by toLocaleString, whose first call takes longer than all else here.
    const grouped = (number) => `${number}`.replace(/\B(?=(...)+$)/g, ",");

    // A bar of two parts, the 1×1 and the layer behind it, beside another one.
    function bar(name, parts, other, text) {
      const most = Math.max(sum(parts), other);
      const piece = (number, k) =>
        make("span", { class: ["small", "large"][k], style: `width:${(100 * number) / most}%` });
      bars.append(make("p", {}, name), box("bar", ...parts.map(piece)), make("p", { class: "amount" }, text));
    }

    function paint() {
      const [maps, kept, filters, kernel, side] = settings.map((one) => one.get());
      const alone = conv2dCost(maps, filters, kernel, side);
      const [first, then] = [conv2dCost(maps, kept, 1, side), conv2dCost(kept, filters, kernel, side)];
      const limit = breakEven(maps, filters, kernel);
      const times = [alone, first, then].map((one) => seconds(data.machine, one));
      const [pair, time] = [first.parameters + then.parameters, times[1] + times[2]];
      const name = `${kernel}×${kernel}`;
      const priced = (weights, macs) => `${grouped(weights)} weights, ${grouped(macs)} MACs`;
      const timed = (seconds) => `${(1e6 * seconds).toFixed(2)} µs at least`;
      bars.replaceChildren();
      bar(`${name} alone`, [0, alone.parameters], pair, priced(alone.parameters, alone.macs));
      bar(
        `1×1 (solid), then ${name} (dashed)`,
        [first.parameters, then.parameters],
        alone.parameters,
        priced(pair, first.macs + then.macs),
      );
      bar(`${name} alone, time`, [0, times[0]], time, timed(times[0]));
      bar("the pair, time", times.slice(1), times[0], timed(time));
      const share = (100 * pair) / alone.parameters;
      const roof = (one) => rounded(one.macs / one.bytes);
      tool.say(
        `The pair does ${share < 100 ? `${rounded(share)} % of` : `${(share / 100).toFixed(1)} times`} the work of the ` +
          `${name} alone, in ${rounded((100 * time) / times[0])} % of its time. ` +
          `It saves work with up to ${counted(Math.ceil(limit) - 1, "map")} kept. ` +
          `The 1×1 makes ${roof(first)} MACs a byte, the ${name} alone ${roof(alone)}; ` +
          `below ${roof(data.machine)} a layer waits for the memory.`,
      );
      tool.keep({ maps, kept, filters, kernel, side });
    }

    paint();
  }

  // --------------------------------------------------------------------------------------------------------- Recolour
  // A 1×1 from three colours to three: nine numbers, and what they do to a photograph.

  async function recolour(tool) {
    const { data, live, still } = tool;
    const colours = ["red", "green", "blue"];
    const shown = (number) => written(Math.round(100 * number) / 100);
    const rowsOf = (nine) => nine.map((line, i) => `${colours[i]} ${line.map(shown).join(", ")}`).join("; ");
    const names = Object.keys(data.matrices);
    const photograph = await mapsOf(still.querySelector("image"), 3);
    const [rows, columns] = [photograph[0].length, photograph[0][0].length];
    let matrix = copy(data.matrices[names[0]]);
    let undone = false;

    const presets = choice(
      "Matrices",
      names.map((name) => [name, name]),
      (name) => {
        matrix = copy(data.matrices[name]);
        paint();
      },
    );
    const undo = button("Undo it", () => {
      undone = !undone;
      paint();
    });
    const boxes = matrix.map((line, i) =>
      line.map((_, j) =>
        make("input", {
          type: "number",
          min: -2,
          max: 2,
          step: 0.1,
          "aria-label": `${colours[i]} out, from ${colours[j]} in`,
          input: (event) => {
            const number = Number(event.target.value);
            if (event.target.value === "" || !Number.isFinite(number)) return; // half typed
            matrix[i][j] = clamp(number, -2, 2);
            paint();
          },
        }),
      ),
    );
    const head = ["", ...colours.map((colour) => `${colour} in`)].map((text) => make("span", {}, text));
    const lines = boxes.flatMap((line, i) => [make("span", {}, `${colours[i]} out`), ...line]);
    const [before, after, back] = ["The photograph", "Recoloured", "Undone"].map((name) => pixels(name, rows, columns));
    before.paint(photograph);
    const third = titled("undone", back.node);
    live.append(
      presets.node,
      box("nine", ...head, ...lines),
      box("controls", undo),
      tool.status,
      box("pictures", titled("in", before.node), titled("out", after.node), third),
    );

    function paint() {
      const out = pointwise(photograph, matrix);
      const opposite = inverse(matrix);
      after.paint(out);
      each(boxes, (own, i, j) => {
        if (document.activeElement !== own) own.value = matrix[i][j];
      });
      const name = names.find((own) => JSON.stringify(data.matrices[own]) === JSON.stringify(matrix));
      presets.press(name);
      undo.setAttribute("aria-pressed", String(undone));
      third.hidden = !undone || !opposite;
      if (opposite) back.paint(pointwise(out, opposite));
      const told = opposite
        ? `another 1×1 brings the colours back: ${rowsOf(opposite)}`
        : "nothing brings the colours back: one row is a mixture of the others, so many colours have become one";
      tool.say(`${name ?? "Your own"}: ${rowsOf(matrix)}.${undone ? ` Undone: ${told}.` : ""}`);
      tool.keep({ matrix: matrix.flat().join(), ...(undone ? { undone: 1 } : {}) });
    }

    const linked = (tool.asked().matrix ?? "").split(",").map(Number);
    if (linked.length === 9 && linked.every((number) => Math.abs(number) <= 2))
      matrix = range(3).map((i) => linked.slice(3 * i, 3 * i + 3));
    undone = tool.asked().undone === "1";
    paint();
  }

  // --------------------------------------------------------------------------------------------------- Steering wheel
  // Two maps of slopes, and a 1×1 whose two weights turn them to any angle.

  async function steering(tool) {
    const { data, live, still } = tool;
    const [grey] = await mapsOf(still.querySelector("image"), 1);
    const pair = conv2d([grey], [[oriented(0)], [oriented(Math.PI / 2)]]);
    const largest = (lists) => Math.max(...lists.flat(2).map(Math.abs));
    const relief = (map, most) => [map.map((line) => line.map((number) => 0.5 + number / (2 * most)))]; // zero is grey
    const most = largest(pair);
    const size = [pair[0].length, pair[0][0].length];
    const [level, upright, steered] = ["The map at 0°", "The map at 90°", "Steered"].map((name) =>
      pixels(name, ...size),
    );
    const filter = pixels("The filter that gives the same", 13, 13);
    filter.node.classList.add("coarse", "tiny");
    level.paint(relief(pair[0], most));
    upright.paint(relief(pair[1], most));
    const steps = scrubber("Angle", (at) => `${at * data.step} degrees`, paint);
    steps.reach(Math.round(360 / data.step) + 1);
    const weights = [make("b", { class: "made" }), make("b", { class: "made" })];
    live.append(
      steps.node,
      tool.status,
      box(
        "pictures",
        titled(make("span", {}, weights[0], " × the map at 0°"), level.node),
        titled(make("span", {}, "+ ", weights[1], " × the map at 90°"), upright.node),
        titled("= the steered map", steered.node),
        titled("the filter that gives the same map", filter.node),
      ),
    );
    live.addEventListener("keydown", steps.key);

    function paint(at) {
      const degrees = at * data.step;
      const angle = (degrees * Math.PI) / 180;
      const mix = [Math.cos(angle), Math.sin(angle)];
      steered.paint(relief(pointwise(pair, [mix])[0], most));
      filter.paint(relief(oriented(angle), largest(oriented(angle))));
      const words = mix.map((weight) => written((Math.round(100 * weight) / 100 + 0).toFixed(2)));
      weights.forEach((node, k) => (node.textContent = words[k]));
      tool.say(`${degrees}°: ${words[0]} times the map at 0°, and ${words[1]} times the map at 90°.`, steps.playing());
      tool.keep({ angle: degrees });
    }

    steps.go(Math.round((Number(tool.asked().angle) || data.start) / data.step));
  }

  // -------------------------------------------------------------------------------------------------- How far it can see
  // Layers in a row, and the input pixels that one output pixel of the last one reads.

  function sight(tool) {
    const { data, live } = tool;
    const most = 8; // layers
    const fresh = data.layers;
    const linked = (tool.asked().layers ?? "").split("-").map((text) => text.split(".").map(Number));
    const fits = (layer) => layer.length === 3 && layer.every((n, k) => data.values[k].includes(n));
    let layers = linked.length <= most && linked.every(fits) ? linked : copy(fresh);
    const rows = make("div", {});
    const add = button("Add a layer", () => {
      if (layers.length < most) layers.push([3, 1, 1]);
      build(layers.length - 1);
    });
    const again = button("Start again", () => {
      layers = copy(fresh);
      build();
    });
    const picture = drawing("The pixels of the input", data.side, data.side);
    live.append(tool.status, box("side", box("layers", rows, box("controls", add, again)), picture.node));

    function build(focus = -1) {
      rows.replaceChildren(
        ...layers.map((layer, n) => {
          const lists = ["kernel", "stride", "dilation"].map((word, k) =>
            make(
              "label",
              {},
              word,
              select(`${word} of layer ${n + 1}`, data.values[k], layer[k], (value) => {
                layer[k] = value;
                paint();
              }),
            ),
          );
          const remove = button(
            "Remove",
            () => {
              layers.splice(n, 1);
              build();
              add.focus(); // the button itself is gone
            },
            `remove layer ${n + 1}`,
          );
          return box("layer", ...lists, remove, make("span"));
        }),
      );
      rows.children[focus]?.querySelector("select").focus();
      paint();
    }

    function paint() {
      const named = layers.map(([kernel, stride, dilation]) => ({ kernel, stride, dilation }));
      const [side, seen] = [receptiveField(named), rowsSeen(named)];
      named.forEach((_, n) => {
        const adds = receptiveField(named.slice(0, n + 1)) - receptiveField(named.slice(0, n));
        rows.children[n].lastChild.textContent = `${n + 1}: +${adds}`;
      });
      const corner = Math.floor((data.side - side) / 2);
      // A line with dashes as long as it is thick is a row of squares.
      const row = (y, x, length, look) => `<path class="${look}" d="M${x} ${y + 0.5}h${length}"/>`;
      const pale = range(data.side).map((y) => row(y, 0, data.side, "pixel"));
      const dark = seen.flatMap((y) => seen.map((x) => row(corner + y, corner + x, 1, "read")));
      const frame = `<rect class="frame" x="${corner}" y="${corner}" width="${side}" height="${side}"/>`;
      picture.draw([...pale, ...dark, frame]);
      const read =
        seen.length === side ? `${side * side} pixels` : `${seen.length ** 2} of their ${side * side} pixels`;
      const whole = side > data.side ? ` That is more than the ${data.side}×${data.side} drawn here.` : "";
      tool.say(`${counted(layers.length, "layer")}: one number of the output sees ${side}×${side}, ${read}.${whole}`);
      tool.keep({ layers: layers.map((layer) => layer.join(".")).join("-") });
    }

    build();
  }

  // ------------------------------------------------------------------------------------------------- Plain or residual
  // The losses of stored training runs, plain and with additions, of one depth, one run after the other.

  function runs(tool) {
    const { data, live } = tool;
    const kinds = Object.keys(data.losses);
    const looks = ["solid", "dashed"];
    let depth = data.depths.indexOf(Number(tool.asked().layers));
    if (depth < 0) depth = data.depths.length - 1;
    const chart = drawing("Loss, pass by pass", 340, 224);
    const depths = choice(
      "Layers",
      data.depths.map((number, k) => [k, `${number} layers`]),
      (chosen) => {
        depth = chosen;
        steps.move(steps.at());
      },
    );
    const steps = scrubber("Run", (at) => `run ${at + 1}`, paint);
    const count = data.losses[kinds[0]][0].length;
    steps.reach(count);
    live.append(box("controls", depths.node, steps.node), tool.status, chart.node);
    live.addEventListener("keydown", steps.key);

    function paint(at) {
      const passes = data.losses[kinds[0]][0][0].length;
      const most = Math.ceil(Math.max(...kinds.map((kind) => Math.max(...data.losses[kind].flat(2)))));
      const x = (pass) => 40 + ((pass - 1) * 290) / (passes - 1);
      const y = (loss) => 190 - (180 * loss) / most;
      const line = (losses) => losses.map((loss, k) => `${k ? "L" : "M"}${x(k + 1)} ${y(loss)}`).join("");
      depths.press(depth);
      const ticks = range(most + 1).map(
        (tick) => `<path class="axis" d="M40 ${y(tick)}H330"/><text x="28" y="${y(tick) + 4}">${tick}</text>`,
      );
      const numbers = range(passes).map((pass) => `<text x="${x(pass + 1) - 3}" y="205">${pass + 1}</text>`);
      const curves = kinds.flatMap((kind, k) => [
        ...data.losses[kind][depth].map((losses) => `<path class="faint ${looks[k]}" d="${line(losses)}"/>`),
        `<path class="curve ${looks[k]}" d="${line(data.losses[kind][depth][at])}"/>`,
        `<path class="curve ${looks[k]}" d="M240 ${20 + 18 * k}h30"/>` +
          `<text x="276" y="${24 + 18 * k}">${kind.replace(/</g, "&lt;")}</text>`,
      ]);
      const axes = '<text x="46" y="24">training loss</text><text x="150" y="219">pass over the digits</text>';
      chart.draw([...ticks, ...numbers, axes, ...curves]);
      const end = (kind) =>
        `${kind} ${data.losses[kind][depth][at].at(-1).toFixed(2)}, and reads ${data.right[kind][depth][at]} %`;
      tool.say(
        `${data.depths[depth]} layers, run ${at + 1} of ${count}. Loss after ${passes} passes: ` +
          `${kinds.map(end).join("; ")} of its training digits.`,
        steps.playing(),
      );
      tool.keep({ layers: data.depths[depth], run: at + 1 });
    }

    steps.go((Number(tool.asked().run) || 1) - 1);
  }

  // ---------------------------------------------------------------------------------------------------- Sliding window
  // A classifier on a piece cut from a canvas, and the same weights on the whole canvas at once.

  function sliding(tool) {
    const { data, live } = tool;
    const canvas = data.canvas.map((line) => line.map((number) => number / 16));
    const [rows, columns] = [canvas.length, canvas[0].length];
    const thousandths = (list) => (Array.isArray(list) ? list.map(thousandths) : list / 1000);
    const layers = data.layers.map(({ weight, bias }) => ({ weight: thousandths(weight), bias: thousandths(bias) }));
    const side = 1 + sum(layers.map(({ weight }) => weight[0][0].length - 1)); // of the window
    const onePass = network(layers, [canvas]);
    const [high, wide] = [onePass[0].length, onePass[0][0].length];
    const classes = [...range(10).map(String), "none"];

    const [down, right] = [
      ["row", high],
      ["column", wide],
    ].map(([label, count]) => {
      const places = range(count).map((n) => n + 1);
      return setting(label, places, 1, String, paint);
    });
    const whole = pixels("The canvas", rows, columns);
    const piece = pixels("The piece in the window", side, side);
    const map = pixels("The map of the highest score", high, wide);
    for (const { node } of [whole, piece, map]) node.classList.add("coarse");
    piece.node.classList.add("tiny");
    whole.paint([canvas]);
    const [frame, mark] = [box("window"), box("window")];
    const which = make("span");
    const scores = numbers(
      "Scores",
      2,
      classes.length,
      (i, j) => `${classes[j]}, ${i ? "in the map" : "of the piece alone"}`,
    );
    const head = make(
      "div",
      { class: "numbers", "aria-hidden": "true" },
      ...classes.map((name) => make("span", {}, name)),
    );
    for (const { style } of [scores.node, head])
      style.gridTemplateColumns = `repeat(${classes.length}, minmax(0, 2.9rem))`;
    const place = box("placed", whole.node, frame);
    live.append(
      down.node,
      right.node,
      tool.status,
      box(
        "pictures",
        titled("the canvas, and the window", place),
        titled("the piece", piece.node),
        titled(which, box("placed", map.node, mark)),
      ),
      titled("scores of the piece alone, and below of the one pass", head, scores.node),
    );

    function move(row, column) {
      down.set(clamp(row + 1, 1, high));
      right.set(clamp(column + 1, 1, wide));
      paint();
    }

    live.addEventListener("keydown", (event) => {
      const step = arrows[event.key];
      if (!step || event.target.tagName === "INPUT") return;
      event.preventDefault();
      move(down.get() - 1 + step[0], right.get() - 1 + step[1]);
    });
    place.tabIndex = 0;
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", "The window: move it with the arrows");
    const drag = (event) => {
      if (event.type === "pointermove" && !event.buttons) return;
      const box = whole.node.getBoundingClientRect();
      const at = (far, length, count) => Math.round((far / length) * count - side / 2);
      move(at(event.clientY - box.top, box.height, rows), at(event.clientX - box.left, box.width, columns));
    };
    for (const kind of ["pointerdown", "pointermove"]) place.addEventListener(kind, drag);

    function put({ style }, row, column, size, [height, width]) {
      Object.assign(style, { top: `${(100 * row) / height}%`, left: `${(100 * column) / width}%` });
      Object.assign(style, { height: `${(100 * size) / height}%`, width: `${(100 * size) / width}%` });
    }

    function paint() {
      const [row, column] = [down.get() - 1, right.get() - 1];
      const cut = canvas.slice(row, row + side).map((line) => line.slice(column, column + side));
      const alone = network(layers, [cut]).map((own) => own[0][0]);
      const there = onePass.map((own) => own[row][column]);
      const best = alone.indexOf(Math.max(...alone));
      [alone, there].forEach((list, i) =>
        list.forEach((score, j) => scores.write(i, j, written(rounded(score)), j === best && "made")),
      );
      piece.paint([cut]);
      which.textContent = `one pass: the map of ${classes[best]}, white is high`;
      const [low, top] = [Math.min(...onePass[best].flat()), Math.max(...onePass[best].flat())];
      map.paint([onePass[best].map((line) => line.map((score) => (score - low) / (top - low)))]);
      put(frame, row, column, side, [rows, columns]);
      put(mark, row, column, 1, [high, wide]);
      const same = alone.filter((score, c) => Math.abs(score - there[c]) < 1e-9).length;
      tool.say(
        `Row ${row + 1}, column ${column + 1}. The piece alone scores highest for ${classes[best]}, ` +
          `${written(rounded(alone[best]))}. ${same} of its ${classes.length} scores are those of the one pass.`,
      );
      tool.keep({ row: row + 1, column: column + 1 });
    }

    move((Number(tool.asked().row) || data.start[0]) - 1, (Number(tool.asked().column) || data.start[1]) - 1);
  }

  // ------------------------------------------------------------------------------------------------------- Element

  const kinds = { cost, recolour, runs, sight, sliding, steering, stepper };

  class OneExplorable extends HTMLElement {
    connectedCallback() {
      // While the page is being read, what stands in the element is not there yet.
      if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => this.begin());
      else this.begin();
    }

    begin() {
      if (this.live) return;
      this.querySelector(".live")?.remove(); // of a copy, which would not move
      this.live = make("div", { class: "live", role: "group", "aria-label": this.getAttribute("label") });
      const status = make("p", { class: "status", role: "status" });
      const tool = {
        data: JSON.parse(this.querySelector("script").textContent),
        live: this.live,
        still: this.querySelector(".still"),
        status,
        asked: () => this.asked(),
        keep: (state) => this.keep(state),
        say: (text, playing = false) => {
          status.setAttribute("aria-live", playing ? "off" : "polite"); // what runs by is not read out
          status.textContent = text;
        },
      };
      this.draw(tool);
    }

    // Some must wait for their pictures.
    async draw(tool) {
      await kinds[this.getAttribute("kind")](tool);
      this.append(this.live);
      this.setAttribute("ready", "");
      this.settled = true;
      if (!Object.keys(this.asked()).length) return;
      const reveal = () => {
        this.closest("details")?.setAttribute("open", "");
        (this.closest("figure") ?? this).scrollIntoView();
      };
      if (document.readyState === "complete") reveal();
      else addEventListener("load", reveal); // once the page has shut its answers, and stands still
    }

    // The state that the address asks for, as in #explore-stepper?kernel=3&step=5.
    asked() {
      const [name, state] = location.hash.slice(1).split("?");
      return name === this.getAttribute("name") ? Object.fromEntries(new URLSearchParams(state)) : {};
    }

    // The state goes into the address, so that it can be linked; but not in a notebook, whose address is not ours, and
    // not before the reader has done something.
    keep(state) {
      clearTimeout(this.later);
      if (!this.settled || !document.querySelector("article.bd-article")) return;
      const address = `#${this.getAttribute("name")}?${new URLSearchParams(state)}`;
      this.later = setTimeout(() => history.replaceState(history.state, "", address), 300); // a browser allows few a second
    }
  }

  window.oneByOne = {
    breakEven,
    conv2d,
    conv2dCost,
    inverse,
    network,
    oriented,
    pointwise,
    receptiveField,
    rowsSeen,
    seconds,
  };
  customElements.define("one-explorable", OneExplorable);
})();
