# achievement
