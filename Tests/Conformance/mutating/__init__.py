"""Changes at random: to what an ONNX model means, which leave a file that can be read or nearly so, and to bytes."""

from . import structure, values

# Those that find most are there several times.
MUTATIONS = [
    values.change_attribute, values.change_attribute, values.change_attribute, values.change_attribute,
    values.add_attribute, values.change_initialiser, values.change_initialiser, values.change_initialiser,
    values.change_shape, values.change_shape, values.change_shape, values.change_extent, values.change_extent,
    values.change_extent, values.forget_shapes, structure.change_inputs, structure.change_inputs,
    structure.change_outputs, structure.change_operator, structure.change_operator, structure.change_domain,
    values.change_opset, structure.drop_node, structure.double_node, structure.move_node, structure.splice,
    structure.splice, structure.same_names, structure.change_ends, structure.nest, structure.call, values.sparse,
]


def mutate(model, rng):
    """Changes a model in one to four places, and says how."""
    names = []
    for _ in range(rng.choice([1, 1, 1, 2, 2, 3, 4])):
        for _ in range(20):
            change = rng.choice(MUTATIONS)
            try:
                done = change(model, rng) is not False
            except (ValueError, IndexError, TypeError, UnicodeError):
                done = False
            if done:
                names.append(change.__name__)
                break
    return names


def mutate_bytes(data, rng):
    """Some bytes of a file changed, left out, doubled or cut off; numbers made large in text."""
    data = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 4, 8])):
        if not data:
            break
        place, length = rng.randrange(len(data)), rng.choice([1, 1, 2, 4, 16, 64])
        kind = rng.random()
        if kind < 0.3:
            data[place] = rng.randrange(256)
        elif kind < 0.45:
            del data[place:place + length]
        elif kind < 0.6:
            data[place:place] = data[place:place + length]
        elif kind < 0.65:
            del data[place:]
        elif kind < 0.8:
            other = rng.randrange(len(data))
            data[place:place + length] = data[other:other + length]
        else:
            digits = [i for i in range(place, min(place + 200, len(data))) if 48 <= data[i] < 58]
            if digits:
                number = rng.choice(values.INTEGERS + ["1e999", "-1e999", "1e-999", "null", '"x"', "[]", "{}", "0.5", "9" * 400])
                data[digits[0]:digits[0] + 1] = str(number).encode()
    return bytes(data)
