"""Train the default model: ``python -m models.training``."""

from models.training.train import main

if __name__ == "__main__":
    main()
